"""The way in and out: the start page, sign-in, sign-out, and an organisation's logo."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.languages import marked
from chassis.web.problems import ProblemError
from services.portal_access import language_choice, queries
from services.portal_access.acceptance_cookie import AcceptanceCookie
from services.portal_access.brand_pages import open_brand
from services.portal_access.models import Brand
from services.portal_access.sign_in import Refusal, SignIn, refused
from services.portal_access.throttle import network_address
from services.portal_access.visits import SignInNeededError, Visits, address_of

Text = Annotated[str, Form(max_length=2000)]

_NOTICES = frozenset({"connected", "signed-out", "email-verified", "password-changed"})
_LOGO_CACHE = "public, max-age=300"


def routes(
    database: Database, sign_in: SignIn, visits: Visits, acceptance_cookie: AcceptanceCookie
) -> APIRouter:
    """Return the pages that lead to the charts, but for those under /accept."""
    router = APIRouter(include_in_schema=False)

    OfBrand = Annotated[Brand, Depends(open_brand(database))]  # noqa: N806 - a type

    @router.get("/")
    async def home(request: Request) -> Response:
        """Show the signed-in person's charts, or their only one; others where to sign in."""
        try:
            visit = await visits.of(request)
        except SignInNeededError:
            return await _ways_in(request)
        if len(visit.connections) == 1:
            return RedirectResponse(address_of(visit.connections[0]), 303)
        return visit.render("charts.html")

    @router.get("/{organization}/sign-in")
    async def show_sign_in(request: Request, brand: OfBrand, notice: str = "") -> Response:
        """Ask for address and password."""
        known = notice if notice in _NOTICES else None
        return _page(request, "sign_in.html", brand=brand, errors=[], email="", notice=known)

    @router.post("/{organization}/sign-in", dependencies=[Depends(protect)])
    async def sign_in_with_password(
        request: Request, brand: OfBrand, email: Text = "", password: Text = ""
    ) -> Response:
        """Let somebody in, or say in the same words and time that they are not."""
        address = network_address(request)
        found = await sign_in.check(brand.organization_id, email, password, address)
        if isinstance(found, Refusal):
            status, sentence = refused(found, brand)
            errors = [("email", sentence)]
            return _page(
                request,
                "sign_in.html",
                status,
                brand=brand,
                errors=errors,
                email=email,
                notice=None,
            )
        response = RedirectResponse("/", 303)
        language_choice.keep_mails(request, response)
        await sign_in.begin(request, response, found.id)
        return response

    @router.post("/sign-out", dependencies=[Depends(protect)])
    async def sign_out(request: Request) -> Response:
        """End the session, and whatever acceptance this browser began."""
        account = await sign_in.account(request)
        to = f"/{account.organization_id}/sign-in?notice=signed-out" if account else "/"
        response = RedirectResponse(to, 303)
        await sign_in.end(request, response)
        acceptance_cookie.clear(response)
        return response

    @router.get("/{organization}/logo")
    async def logo(brand: OfBrand) -> Response:
        """Return an organisation's logo."""
        if brand.logo is None:
            raise ProblemError(404, "not_found", marked("This organisation has no logo."))
        headers = {"Cache-Control": _LOGO_CACHE}
        return Response(brand.logo, media_type=brand.logo_media_type, headers=headers)

    async def _ways_in(request: Request) -> Response:
        async with database.transaction() as tx:
            brands = await queries.brands.open_brands(tx)
        return _page(request, "home.html", brands=brands)

    return router


def _page(
    request: Request,
    template: str,
    status: int = 200,
    *,
    brand: Brand | None = None,
    **values: object,
) -> Response:
    page: Response = request.app.state.pages.render(
        request, template, status, brand=brand, **values
    )
    return page
