"""The page on which staff say to which of the organisation's places a chart belongs."""

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from contracts.envelope import Identifier
from services.chart_service import commands, facesheet
from services.chart_service.facesheet import Facesheet
from services.chart_service.pages import forms
from services.chart_service.pages.visits import SignedIn, Visit

_NONE = "*"
"""No location; no id is like it."""
_UNKNOWN = "Choose one of the locations"


def routes(database: Database) -> APIRouter:
    """Return the page over this database, for staff who signed in."""
    router = APIRouter()

    async def load(visit: Visit, chart: str) -> Facesheet:
        async with database.transaction() as tx:
            return await facesheet.look_at(tx, visit.organization.id, chart, visit.actor)

    @router.get("/charts/{chart}/location")
    async def ask(visit: SignedIn, chart: Identifier) -> Response:
        return _page(visit, await load(visit, chart))

    @router.post("/charts/{chart}/location", dependencies=[Depends(protect)])
    async def move(visit: SignedIn, chart: Identifier) -> Response:
        entered = (await forms.values(visit.request)).get("location")
        sheet = await load(visit, chart)
        if entered not in dict(_options(sheet)):
            return _page(visit, sheet, _UNKNOWN)
        location = None if entered == _NONE else entered
        async with database.transaction() as tx:
            await commands.charts.move_chart(
                tx, visit.organization.id, chart, location, visit.actor
            )
        return RedirectResponse(f"/charts/{chart}?done=saved", status_code=303)

    return router


def _options(sheet: Facesheet) -> list[tuple[str, str]]:
    offered = [
        place for place in sheet.locations if not place.ended or place.id == sheet.chart.location_id
    ]
    none = (_NONE, "No location: mails show the organisation")
    return [none, *((place.id, place.name) for place in offered)]


def _page(visit: Visit, sheet: Facesheet, error: str | None = None) -> Response:
    return visit.render(
        "location.html",
        422 if error else 200,
        sheet=sheet,
        options=_options(sheet),
        value=sheet.chart.location_id or _NONE,
        error=error,
    )
