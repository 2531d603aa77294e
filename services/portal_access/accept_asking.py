"""/accept/ask: a new invitation is asked for in the place of one whose link works no longer."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.web.csrf import protect
from services.portal_access.acceptance_cookie import AcceptanceCookie
from services.portal_access.refused_links import RefusedLinks


def routes(links: RefusedLinks, cookie: AcceptanceCookie) -> APIRouter:
    """Return what the button on the page of a refused link does."""
    router = APIRouter(include_in_schema=False)

    @router.post("/accept/ask", dependencies=[Depends(protect)])
    async def ask(request: Request, invitation: UUID | None = None) -> Response:
        """Tell the staff, and say that they were told."""
        brand = await links.ask(cookie.visitor(request), invitation)
        page: Response = request.app.state.pages.render(request, "asked.html", brand=brand)
        return page

    return router
