"""/accept: from the link in the mail to the first question (DESIGN.md, token and link)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.languages import gettext, marked
from services.portal_access import language_choice, queries, rules
from services.portal_access.accept_asking import to_refused
from services.portal_access.acceptance import PORTAL_OFF, Acceptances
from services.portal_access.acceptance_cookie import AcceptanceCookie
from services.portal_access.invitations import (
    FoundInvitation,
    Invitations,
    RefusedError,
    UnavailableError,
)
from services.portal_access.refused_links import RefusedLinks
from services.portal_access.throttle import network_address

NOT_A_CODE = marked("Paste the whole link or code from your e-mail")


def routes(
    database: Database,
    invitations: Invitations,
    acceptances: Acceptances,
    links: RefusedLinks,
    cookie: AcceptanceCookie,
) -> APIRouter:
    """Return the page that the link leads to, and what its button does."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/accept", methods=["GET", "HEAD"])
    async def link(request: Request) -> Response:
        """Show the page; the token is in the link's fragment and stays in the browser."""
        return _page(request)

    @router.post("/accept", dependencies=[Depends(protect)])
    async def look_up(
        request: Request, code: Annotated[str, Form(max_length=2000)] = ""
    ) -> Response:
        """Find out what the token stands for, and begin to accept it."""
        token = rules.token_in(code)
        if token is None:
            return _page(request, 422, errors=[("code", gettext(NOT_A_CODE))])
        try:
            found = await invitations.look_up(token, network_address(request))
            reason = await _reason_against(found)
        except UnavailableError:
            return _page(request, 503, away=True, code=token)
        if reason:
            return await _refuse(request, found, reason)
        visitor = await acceptances.begin(token, found, cookie.visitor(request))
        response = RedirectResponse(f"/accept/register?invitation={found.invitation_id}", 303)
        cookie.set(response, visitor)
        language_choice.keep_mails(request, response)
        return response

    async def _refuse(request: Request, found: FoundInvitation, reason: str) -> Response:
        visitor = await links.keep(found, reason, cookie.visitor(request))
        response = to_refused(found.invitation_id)
        cookie.set(response, visitor)
        language_choice.keep_mails(request, response)
        return response

    async def _reason_against(found: FoundInvitation) -> str | None:
        async with database.transaction() as tx:
            brand = await queries.brands.brand(tx, found.organization)
            lock = await queries.birth_dates.lock_reason(tx, found.invitation_id)
        if brand is None:
            raise UnavailableError  # news of the organisation is still on its way
        if not brand.portal_enabled:
            raise RefusedError(PORTAL_OFF, found.organization)
        return lock if found.state == "open" else found.state

    return router


def _page(
    request: Request,
    status: int = 200,
    *,
    errors: list[tuple[str, str]] | None = None,
    away: bool = False,
    code: str = "",
) -> Response:
    page: Response = request.app.state.pages.render(
        request, "accept.html", status, brand=None, errors=errors or [], away=away, code=code
    )
    return page
