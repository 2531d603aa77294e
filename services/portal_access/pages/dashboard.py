"""A chart's dashboard: the person, what is next, medications, care and insurance."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from services.portal_access.chart_views import Appointment, Dashboard
from services.portal_access.charts import Charts
from services.portal_access.sections import DASHBOARD
from services.portal_access.visits import CHART, ChartVisit, in_section

OnDashboard = Annotated[ChartVisit, Depends(in_section(DASHBOARD))]

_PHOTO_HEADERS = {
    "Cache-Control": "private, max-age=60",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}
_MOST_AHEAD = 5


def routes(charts: Charts) -> APIRouter:
    """Return the dashboard and its picture."""
    router = APIRouter()

    @router.get(CHART)
    async def show(visit: OnDashboard) -> Response:
        """Show the dashboard."""
        chart = await charts.get(visit.connection, "/dashboard", Dashboard)
        single = _first([a for a in chart.appointments if not a.is_group])
        groups = _first([a for a in chart.appointments if a.is_group])
        shown: dict[str, Any] = {"appointments": single, "groups": groups}
        shown["unread"] = chart.unread_messages
        return visit.render("dashboard.html", chart=chart, **shown)

    @router.get(f"{CHART}/photo")
    async def photo(visit: OnDashboard) -> Response:
        """Return the patient's picture."""
        found = await charts.call(visit.connection, "GET", "/photo")
        media_type = found.headers["content-type"]
        return Response(found.content, media_type=media_type, headers=_PHOTO_HEADERS)

    return router


def _first(appointments: Sequence[Appointment]) -> Sequence[Appointment]:
    return appointments[:_MOST_AHEAD]
