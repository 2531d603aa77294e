"""The last hour in plots."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.ops_console import hour, plots, words
from services.ops_console.collector import READS_EVERY, Collector
from services.ops_console.pages.live import LiveParts
from services.ops_console.visits import SignedIn, Visit


def routes(collector: Collector) -> APIRouter:
    """Return the page and its stream."""
    router = APIRouter(include_in_schema=False)

    def render(visit: Visit, template: str = "plots_live.html") -> Response:
        points = list(collector.hour.points)
        times = [words.moment(point.at) for point in points]
        return visit.render(template, times=times, rows=plots.rows_of(points), words=words)

    parts = LiveParts(collector, render, every=round(hour.STEP / READS_EVERY))

    @router.get("/plots")
    async def show(visit: SignedIn) -> Response:
        """Show the last hour."""
        return render(visit, "plots.html")

    @router.get("/plots/stream")
    async def stream(request: Request) -> Response:
        """Push the plots when there is a new point."""
        return parts.stream(request)

    return router
