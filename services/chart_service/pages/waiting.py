"""Messages: what portal users of all charts wrote and nobody has read yet."""

from fastapi import APIRouter
from fastapi.responses import Response

from chassis.database import Database
from services.chart_service import audit, commands, queries
from services.chart_service.audit import Act, Action
from services.chart_service.pages import words
from services.chart_service.pages.visits import SignedIn

MOST = 100
"""So many conversations on the page; the next ones follow as these are read."""


def routes(database: Database) -> APIRouter:
    """Return the page over this database, for staff who signed in."""
    router = APIRouter()

    @router.get("/messages")
    async def show(visit: SignedIn) -> Response:
        commands.messages.require_messages(visit.organization)
        async with database.transaction() as tx:
            found = await queries.waiting.threads(tx, visit.staff, MOST)
            act = Act(visit.organization.id, visit.actor, Action.MESSAGES_LISTED)
            await audit.record(tx, act)
        return visit.render(
            "waiting.html",
            own=[one for one in found if one.is_own],
            others=[one for one in found if not one.is_own],
            is_all=len(found) < MOST,
            words=words,
        )

    return router
