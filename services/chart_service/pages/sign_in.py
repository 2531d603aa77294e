"""The pages by which staff sign in with a password, and out."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.security import passwords
from chassis.web import sessions
from chassis.web.csrf import protect
from chassis.web.sessions import SessionCookie
from services.chart_service import commands, queries, throttle
from services.chart_service.models import Staff
from services.chart_service.pages import forms, oidc
from services.chart_service.pages.oidc import Offer

_WRONG = "Check your e-mail address and password: they do not match"
_WAIT = "Too many tries. Wait 15 minutes, then try again"
_OFF = "Passwords are switched off here. Use the button below"
_DONE = {
    "password": "Your password is set. Sign in with it now.",
    "signed-out": "You are signed out",
}


def routes(database: Database, cookie: SessionCookie, offer: Offer) -> APIRouter:
    """Return the pages by which staff come and go."""
    router = APIRouter(include_in_schema=False)

    @router.get("/sign-in")
    async def show(request: Request, done: str = "", problem: str = "") -> Response:
        said = oidc.problem_of(problem, offer.label)
        return _page(request, offer, said=said, done=_DONE.get(done))

    @router.post("/sign-in", dependencies=[Depends(protect)])
    async def sign_in(request: Request) -> Response:
        form = await forms.values(request, untrimmed=("password",))
        email, password = form.get("email", ""), form.get("password", "")
        if not offer.passwords:
            return _page(request, offer, wrong=_OFF)
        token, problem = await _begin(request, email.lower(), password)
        if token is None:
            return _page(request, offer, email=email, wrong=problem)
        response = RedirectResponse("/", status_code=303)
        cookie.set(response, token)
        return response

    @router.post("/sign-out", dependencies=[Depends(protect)])
    async def sign_out(request: Request) -> Response:
        async with database.transaction() as tx:
            await commands.sign_in.end(tx, cookie.token(request) or "")
        response = RedirectResponse("/sign-in?done=signed-out", status_code=303)
        cookie.clear(response)
        return response

    async def _begin(request: Request, email: str, password: str) -> tuple[str | None, str]:
        counted = throttle.sources(email, throttle.address_of(request))
        async with database.transaction() as tx:
            may_go_on = await throttle.count(tx, counted)
            # No address has control characters, and PostgreSQL takes no NUL to look for.
            known = await queries.staff.staff_by_email(tx, email) if email.isprintable() else None
        if not may_go_on:
            return None, _WAIT
        matches = await passwords.matches(password, known.password_hash if known else None)
        if known is None:
            return None, _WRONG
        if not matches:
            return await _refuse(known, "wrong_password")
        async with database.transaction() as begun:
            await throttle.forgive(begun, counted, tx.now)
            token = await commands.sign_in.begin(begun, known, "password", cookie.token(request))
        return (token, "") if token else await _refuse(known, "deactivated")

    async def _refuse(known: Staff, reason: str) -> tuple[None, str]:
        async with database.transaction() as tx:
            await commands.sign_in.note_failure(tx, known, "password", reason)
        return None, _WRONG

    return router


async def forget_old(database: Database) -> None:
    """Drop sessions, links and sign-ins that are over, and failures that no longer count."""
    async with database.transaction() as tx:
        await sessions.forget_ended(tx)
        await throttle.forget_old(tx)
        await queries.sign_in.forget_ended(tx, tx.now - oidc.LIFE)


def _page(
    request: Request,
    offer: Offer,
    *,
    email: str = "",
    wrong: str | None = None,
    said: str | None = None,
    done: str | None = None,
) -> Response:
    errors = [("email" if offer.passwords else None, wrong)] if wrong else []
    page: Response = request.app.state.pages.render(
        request,
        "sign_in.html",
        422 if errors else 200,
        email=email,
        errors=errors,
        offer=offer,
        problem=said,
        done=done,
    )
    return page
