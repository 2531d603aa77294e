"""The last hour in plots."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.ops_console import plots, words
from services.ops_console.collector import Collector
from services.ops_console.pages.live import LiveParts
from services.ops_console.visits import SignedIn, Visit

_READINGS_PER_POINT = 20
"""The hour has a new point after so many readings."""


def routes(collector: Collector) -> APIRouter:
    """Return the page and its stream."""
    router = APIRouter(include_in_schema=False)

    def render(visit: Visit, template: str = "plots_live.html") -> Response:
        hour = list(collector.hour.points)
        times = [words.moment(point.at) for point in hour]
        return visit.render(template, times=times, rows=plots.rows_of(hour), words=words)

    parts = LiveParts(collector, render, _READINGS_PER_POINT)

    @router.get("/plots")
    async def show(visit: SignedIn) -> Response:
        """Show the last hour."""
        return render(visit, "plots.html")

    @router.get("/plots/stream")
    async def stream(request: Request) -> Response:
        """Push the plots when there is a new point."""
        return parts.stream(request)

    return router
