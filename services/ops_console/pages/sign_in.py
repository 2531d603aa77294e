"""The pages by which ops people come and go."""

import asyncio
from typing import Annotated

from aiokafka.errors import KafkaError
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.background import BackgroundTask

from chassis import telemetry
from chassis.broker import Broker
from chassis.web.csrf import protect
from chassis.web.sessions import SessionCookie
from contracts.ops import OpsAction
from services.ops_console import audit
from services.ops_console.sign_ins import SignIns

Text = Annotated[str, Form(max_length=2000)]

_AUDIT_SECONDS = 3.0
_log = telemetry.logger("sign_in")

_WRONG = "Check your user name and password: they do not match"
_TOO_OFTEN = "Too many tries. Wait 15 minutes, then try again"


def routes(sign_ins: SignIns, cookie: SessionCookie, broker: Broker) -> APIRouter:
    """Return the pages."""
    router = APIRouter(include_in_schema=False)

    @router.get("/sign-in")
    async def show(request: Request) -> Response:
        """Ask for name and password."""
        return _page(request)

    @router.post("/sign-in", dependencies=[Depends(protect)])
    async def sign_in(request: Request, name: Text = "", password: Text = "") -> Response:
        """Let somebody in."""
        matches = await sign_ins.check(name, password)
        if matches is None:
            return _page(request, 429, name=name, errors=[("name", _TOO_OFTEN)])
        if not matches:
            page = _page(request, 422, name=name, errors=[("name", _WRONG)])
            # Afterwards, so that the time it takes does not tell who is a user.
            user = name if sign_ins.is_user(name) else None
            page.background = BackgroundTask(_write_down_refusal, broker, user)
            return page
        await _write_down(broker, name, OpsAction.SIGNED_IN)
        sign_ins.end(cookie.token(request))
        response = RedirectResponse("/", 303)
        cookie.set(response, sign_ins.begin(name))
        return response

    @router.post("/sign-out", dependencies=[Depends(protect)])
    async def sign_out(request: Request) -> Response:
        """End the session."""
        sign_ins.end(cookie.token(request))
        response = RedirectResponse("/sign-in", 303)
        cookie.clear(response)
        return response

    return router


async def _write_down_refusal(broker: Broker, name: str | None) -> None:
    if name is None:  # whatever was typed there: some type a password
        _log.warning("a sign-in by a name that nobody has was refused")
    else:
        await _write_down(broker, name, OpsAction.SIGN_IN_REFUSED)


async def _write_down(broker: Broker, name: str, action: OpsAction) -> None:
    # Who comes to see why Kafka is away must get in; then the log alone tells of it.
    try:
        async with asyncio.timeout(_AUDIT_SECONDS):
            await audit.write(broker, f"ops:{name}", action)
    except (OSError, KafkaError) as error:
        _log.warning("a sign-in is not in the audit log", error=telemetry.describe(error))


def _page(request: Request, status: int = 200, **values: object) -> Response:
    shown = {"name": "", "errors": []} | values
    page: Response = request.app.state.pages.render(request, "sign_in.html", status, **shown)
    return page
