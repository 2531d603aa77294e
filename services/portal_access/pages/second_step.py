"""The second step of signing in, and signing in by a passkey."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.languages import gettext, marked
from services.portal_access import throttle
from services.portal_access.brand_pages import open_brand
from services.portal_access.entrance import SECOND_STEP, Entrance
from services.portal_access.models import Brand
from services.portal_access.passkey_cookie import PasskeyCookie
from services.portal_access.passkeys import Passkeys
from services.portal_access.second_step import SecondSteps, Standing
from services.portal_access.sign_in import Refusal, refused
from services.portal_access.throttle import network_address

Code = Annotated[str, Form(max_length=100)]
Credential = Annotated[str, Form(max_length=20_000)]

_PASSKEY = "/{organization}/sign-in/passkey"
_WRONG_CODE = marked("This code is not right. Enter the newest one that your app shows")
_WRONG_RECOVERY_CODE = marked("This recovery code is not right, or it was used before")


def routes(
    database: Database,
    steps: SecondSteps,
    entrance: Entrance,
    passkeys: Passkeys,
    cookie: PasskeyCookie,
) -> APIRouter:
    """Return the pages."""
    router = APIRouter()
    OfBrand = Annotated[Brand, Depends(open_brand(database))]  # noqa: N806 - a type

    @router.get(SECOND_STEP)
    async def show(request: Request) -> Response:
        """Ask who gave the right password for the second step."""
        standing = await steps.standing(request)
        return _page(request, standing) if standing else RedirectResponse("/", 303)

    @router.post(SECOND_STEP, dependencies=[Depends(protect)])
    async def take(request: Request, code: Code = "", recovery_code: Code = "") -> Response:
        """Let somebody in by the code of their app, or by a recovery code."""
        standing = await steps.standing(request)
        if standing is None:
            return RedirectResponse("/", 303)
        address = network_address(request)
        if recovery_code:
            refusal = await steps.check_recovery_code(standing, recovery_code, address)
            box, wrong = "recovery_code", _WRONG_RECOVERY_CODE
        else:
            refusal = await steps.check_code(standing, code, address)
            box, wrong = "code", _WRONG_CODE
        if refusal is None:
            return await entrance.admit(request, standing.account, standing.step.invitation_id)
        status, sentence = refused(refusal, standing.brand)
        said = gettext(wrong) if refusal is Refusal.WRONG else sentence
        return _page(request, standing, status, [(box, said)])

    @router.post(f"{_PASSKEY}/options", dependencies=[Depends(protect)])
    async def begin(request: Request, brand: OfBrand) -> Response:
        """Return what the browser asks somebody's device; the page's script calls this."""
        _ = brand
        if not await throttle.may_go_on(database, request, "passkey "):
            return Response(status_code=429)
        return cookie.answer(await passkeys.ask_to_sign_in())

    @router.post(_PASSKEY, dependencies=[Depends(protect)])
    async def sign_in(request: Request, brand: OfBrand, credential: Credential = "") -> Response:
        """Let somebody in by a passkey."""
        ceremony = cookie.name(request)
        account = await passkeys.account_by(brand.organization_id, ceremony, credential)
        if account is None:
            there = f"/{brand.organization_id}/sign-in?notice=passkey-failed"
            return RedirectResponse(there, 303)
        return await entrance.after_passkey(request, account)

    def _page(
        request: Request,
        standing: Standing,
        status: int = 200,
        errors: list[tuple[str, str]] | None = None,
    ) -> Response:
        pages = request.app.state.pages
        page: Response = pages.render(
            request,
            "second_step.html",
            status,
            brand=standing.brand,
            methods=standing.methods,
            passkeys_available=passkeys.available,
            errors=errors or [],
        )
        return page

    return router
