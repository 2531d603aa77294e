"""The live picture of the flow."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.ops_console import words
from services.ops_console.collector import Collector
from services.ops_console.flow import flow_of
from services.ops_console.graph import graph_of
from services.ops_console.pages.live import LiveParts
from services.ops_console.visits import SignedIn, Visit


def routes(collector: Collector) -> APIRouter:
    """Return the page and its stream."""
    router = APIRouter(include_in_schema=False)

    def render(visit: Visit, template: str = "flow_live.html") -> Response:
        flow = flow_of(collector)
        return visit.render(template, flow=flow, graph=graph_of(flow), words=words)

    parts = LiveParts(collector, render)

    @router.get("/")
    async def show(visit: SignedIn) -> Response:
        """Show the flow."""
        return render(visit, "flow.html")

    @router.get("/flow/stream")
    async def stream(request: Request) -> Response:
        """Push the flow whenever it was read anew."""
        return parts.stream(request)

    return router
