"""The Portal Directory by HTTP: how everybody on an organisation's charts stands."""

from typing import Annotated

from fastapi import APIRouter, Query

from chassis.database import Database
from services.chart_service import audit, facesheet, queries, search_words
from services.chart_service.api.callers import Caller, ReadsCharts
from services.chart_service.audit import Act, Action
from services.chart_service.models import Status
from services.chart_service.queries.directory_selection import Selection
from services.chart_service.schemas.directory import (
    MOST_PEOPLE,
    Cursor,
    DirectoryPage,
    DirectoryPerson,
    DirectorySearch,
    place_of,
)
from services.chart_service.schemas.fields import Id

Limit = Annotated[int, Query(ge=1, le=MOST_PEOPLE)]


def add_routes(router: APIRouter, database: Database) -> None:
    """Add the routes over this database."""

    @router.get("/directory", tags=["Directory"])
    async def list_directory(
        organization: Id,
        caller: ReadsCharts,
        status: Status | None = None,
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> DirectoryPage:
        """List patients and contacts by name, with how they stand with the portal."""
        wanted = DirectorySearch(status=status, cursor=cursor, limit=limit)
        return await _page(organization, caller, wanted)

    # A name in an address would stay in histories and logs: it is sent in the body.
    @router.post("/directory/search", tags=["Directory"])
    async def search_directory(
        organization: Id, caller: ReadsCharts, body: DirectorySearch
    ) -> DirectoryPage:
        """List those of whom each word begins a name, the e-mail address or the chart's MRN."""
        return await _page(organization, caller, body)

    async def _page(organization: str, caller: Caller, wanted: DirectorySearch) -> DirectoryPage:
        words = search_words.wanted(wanted.q)
        selection = Selection(organization, wanted.status, words)
        async with database.transaction() as tx:
            await facesheet.known_organization(tx, organization)
            rows = await queries.directory_list.page(
                tx, selection, place_of(wanted.cursor), wanted.limit + 1
            )
            action = Action.DIRECTORY_SEARCHED if words else Action.DIRECTORY_VIEWED
            await audit.record(tx, Act(organization, caller.actor, action))
        people = [DirectoryPerson.of(row) for row in rows[: wanted.limit]]
        last = people[-1] if len(rows) > wanted.limit else None
        return DirectoryPage(
            people=people, next_cursor=f"{last.chart}/{last.person}" if last else None
        )
