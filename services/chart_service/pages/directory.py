"""The Portal Directory: everybody on the organisation's charts, and how they stand."""

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from chassis.database import Database, Transaction
from chassis.web.csrf import protect
from services.chart_service import audit, queries
from services.chart_service.audit import Act, Action
from services.chart_service.commands.bulk_invites import MOST
from services.chart_service.pages import forms, standing_words, words
from services.chart_service.pages.directory_view import View
from services.chart_service.pages.visits import SignedIn, Visit
from services.chart_service.queries.directory_selection import Sort

PAGE_SIZE = 50
_SORTS = (("Name", Sort.NAME), ("Status", Sort.STATUS), ("Last change", Sort.CHANGED))
_DONE = {
    "requested": "The invitation is requested",
    "revoked": "We asked for the invitation to be taken back",
}


def routes(database: Database) -> APIRouter:
    """Return the pages over this database, for staff who signed in."""
    router = APIRouter()

    @router.get("/directory")
    async def show(visit: SignedIn, done: str = "") -> Response:
        return await _directory(visit, View.of(visit.request.query_params), done)

    # A name in an address would stay in histories and logs: a search is sent as a form.
    @router.post("/directory", dependencies=[Depends(protect)])
    async def search(visit: SignedIn) -> Response:
        entered = await forms.values(visit.request)
        return await _directory(visit, View.of(visit.request.query_params, entered.get("q", "")))

    async def _directory(visit: Visit, view: View, done: str = "") -> Response:
        selection = view.selection(visit.organization.id)
        async with database.transaction() as tx:
            rows, total = await queries.directory_list.look(
                tx, selection, view.place, PAGE_SIZE + 1
            )
            await _note(tx, visit, view)
        is_before = view.place.is_before
        there_is_more = len(rows) > PAGE_SIZE
        return visit.render(
            "directory.html",
            entries=rows[-PAGE_SIZE:] if is_before else rows[:PAGE_SIZE],
            has_earlier=there_is_more if is_before else bool(view.after),
            has_later=there_is_more if not is_before else view.before != "last",
            total=total,
            most_at_once=MOST,
            sorts=_SORTS,
            view=view,
            done=_DONE.get(done),
            standing=standing_words,
            words=words,
        )

    return router


async def _note(tx: Transaction, visit: Visit, view: View) -> None:
    action = Action.DIRECTORY_SEARCHED if view.q else Action.DIRECTORY_VIEWED
    detail = {"status": view.status} if view.status else {}
    await audit.record(tx, Act(visit.organization.id, visit.actor, action, detail=detail))
