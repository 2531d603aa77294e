"""The start page, and an organisation's logo."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.languages import marked
from chassis.web.problems import ProblemError
from services.portal_access import queries
from services.portal_access.brand_pages import open_brand
from services.portal_access.models import Brand
from services.portal_access.visits import SignInNeededError, Visits, address_of

_LOGO_CACHE = "public, max-age=300"


def routes(database: Database, visits: Visits) -> APIRouter:
    """Return the pages."""
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
        page: Response = request.app.state.pages.render(
            request, "home.html", brand=None, brands=brands
        )
        return page

    return router
