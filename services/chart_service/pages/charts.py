"""The list of charts, and the facesheet."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.problems import ProblemError
from contracts.envelope import Identifier
from services.chart_service import audit, queries, search_words
from services.chart_service.audit import Act, Action
from services.chart_service.pages import forms, sections, words
from services.chart_service.pages.visits import SignedIn, Visit

PAGE_SIZE = 25
_DONE = {
    "saved": "The changes are saved",
    "invited_anew": "The changes are saved, and the invitation goes to the new address",
    "address_changed": "The changes are saved. The invitation to the old address is being revoked",
    "revoking": "The invitation is being revoked",
    "dismissed": "The alert is dismissed. It comes back when there is news of the invitation",
    "added": "The contact is on the chart",
}


def routes(database: Database) -> APIRouter:
    """Return the pages over this database, for staff who signed in."""
    router = APIRouter()

    @router.get("/")
    async def charts(
        visit: SignedIn, page: Annotated[int, Query(ge=1, le=forms.LAST_PAGE)] = 1
    ) -> Response:
        return await _charts(visit, page, "")

    # A name in an address would stay in histories and logs: a search is sent as a form.
    @router.post("/", dependencies=[Depends(protect)])
    async def search(visit: SignedIn) -> Response:
        entered = await forms.values(visit.request)
        return await _charts(visit, forms.page_number(entered), entered.get("q", ""))

    async def _charts(visit: Visit, page: int, q: str) -> Response:
        wanted = search_words.wanted(q)
        organization = visit.organization.id
        async with database.transaction() as tx:
            rows, total = await queries.chart_list.list_charts(
                tx, organization, wanted, PAGE_SIZE + 1, (page - 1) * PAGE_SIZE
            )
            action = Action.CHART_SEARCHED if wanted else Action.CHARTS_LISTED
            await audit.record(tx, Act(organization, visit.actor, action))
        return visit.render(
            "charts.html",
            rows=rows[:PAGE_SIZE],
            is_last=len(rows) <= PAGE_SIZE,
            total=words.count(total.number, is_all=total.is_all),
            page=page,
            q=q,
            size=PAGE_SIZE,
            words=words,
        )

    @router.get("/charts/{chart}")
    async def show(visit: SignedIn, chart: Identifier, done: str = "") -> Response:
        return await sections.show(
            visit, database, chart, sections.INFORMATION, done=_DONE.get(done)
        )

    @router.get("/logo")
    async def logo(visit: SignedIn) -> Response:
        if visit.organization.logo is None:
            raise ProblemError(404, "not_found", "This organisation has no logo.")
        headers = {"Cache-Control": "private, max-age=300"}
        media_type = visit.organization.logo_media_type
        return Response(visit.organization.logo, media_type=media_type, headers=headers)

    return router
