"""Signing in with a password, and out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from services.portal_access.acceptance_cookie import AcceptanceCookie
from services.portal_access.brand_pages import open_brand
from services.portal_access.entrance import Entrance
from services.portal_access.models import Brand
from services.portal_access.passkeys import Passkeys
from services.portal_access.sign_in import Refusal, SignIn, refused
from services.portal_access.throttle import network_address

Text = Annotated[str, Form(max_length=2000)]

_NOTICES = frozenset(
    {"connected", "signed-out", "email-verified", "password-changed", "passkey-failed"}
)


def routes(
    database: Database,
    sign_in: SignIn,
    entrance: Entrance,
    passkeys: Passkeys,
    acceptance_cookie: AcceptanceCookie,
) -> APIRouter:
    """Return the pages."""
    router = APIRouter(include_in_schema=False)
    OfBrand = Annotated[Brand, Depends(open_brand(database))]  # noqa: N806 - a type

    @router.get("/{organization}/sign-in")
    async def show(request: Request, brand: OfBrand, notice: str = "") -> Response:
        """Ask for address and password, or a passkey."""
        return _page(request, brand, notice=notice if notice in _NOTICES else None)

    @router.post("/{organization}/sign-in", dependencies=[Depends(protect)])
    async def with_password(
        request: Request, brand: OfBrand, email: Text = "", password: Text = ""
    ) -> Response:
        """Let somebody in, or say in the same words and time that they are not."""
        address = network_address(request)
        found = await sign_in.check(brand.organization_id, email, password, address)
        if isinstance(found, Refusal):
            status, sentence = refused(found, brand)
            return _page(request, brand, status, errors=[("email", sentence)], email=email)
        return await entrance.after_password(request, found)

    @router.post("/sign-out", dependencies=[Depends(protect)])
    async def sign_out(request: Request) -> Response:
        """End the session, and whatever acceptance this browser began."""
        account = await sign_in.account(request)
        to = f"/{account.organization_id}/sign-in?notice=signed-out" if account else "/"
        response = RedirectResponse(to, 303)
        await sign_in.end(request, response)
        acceptance_cookie.clear(response)
        return response

    def _page(request: Request, brand: Brand, status: int = 200, **values: object) -> Response:
        shown = {"errors": [], "email": "", "notice": None} | values
        pages = request.app.state.pages
        available = passkeys.available
        page: Response = pages.render(
            request, "sign_in.html", status, brand=brand, passkeys_available=available, **shown
        )
        return page

    return router
