"""/accept/refused: why a link does not work, and asking for a new invitation in its place."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from chassis.web.csrf import protect
from services.portal_access.acceptance_cookie import AcceptanceCookie
from services.portal_access.refused_links import RefusedLinks

REFUSED = "/accept/refused"


def routes(links: RefusedLinks, cookie: AcceptanceCookie) -> APIRouter:
    """Return the page of a link that does not work, and what its button does."""
    router = APIRouter(include_in_schema=False)

    @router.get(REFUSED)
    async def refused(request: Request, invitation: UUID) -> Response:
        """Say why, what to do, and offer to ask."""
        found = await links.find(cookie.visitor(request), invitation)
        page: Response = request.app.state.pages.render(
            request,
            "refused.html",
            409,
            brand=found.brand,
            reason=found.link.reason,
            invitation_id=invitation,
        )
        return page

    @router.post("/accept/ask", dependencies=[Depends(protect)])
    async def ask(request: Request, invitation: UUID) -> Response:
        """Tell the staff."""
        await links.ask(cookie.visitor(request), invitation)
        return RedirectResponse(f"/accept/asked?invitation={invitation}", 303)

    @router.get("/accept/asked")
    async def asked(request: Request, invitation: UUID) -> Response:
        """Say that they were told."""
        found = await links.find(cookie.visitor(request), invitation)
        page: Response = request.app.state.pages.render(request, "asked.html", brand=found.brand)
        return page

    return router


def to_refused(invitation_id: UUID) -> Response:
    """Return the way to the page of a link that does not work, once it is kept."""
    return RedirectResponse(f"{REFUSED}?invitation={invitation_id}", 303)
