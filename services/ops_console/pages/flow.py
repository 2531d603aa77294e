"""The live picture of the flow; server-sent events keep it as it is (WHATWG HTML, 9.2)."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from fastapi.sse import format_sse_event

from services.ops_console import words
from services.ops_console.collector import Collector
from services.ops_console.flow import flow_of
from services.ops_console.graph import graph_of
from services.ops_console.visits import SignedIn, SignInNeededError, Visit, visit_of

_UNBUFFERED = {"X-Accel-Buffering": "no"}
_LONGEST_WAIT_SECONDS = 15.0


def routes(collector: Collector) -> APIRouter:
    """Return the page and its stream."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def show(visit: SignedIn) -> Response:
        """Show the flow."""
        return _render(visit, "flow.html")

    @router.get("/flow/stream")
    async def stream(request: Request) -> Response:
        """Push the flow whenever it was read anew."""
        visit_of(request, goes_on=True)
        return StreamingResponse(
            _updates(request), media_type="text/event-stream", headers=_UNBUFFERED
        )

    async def _updates(request: Request) -> AsyncIterator[bytes]:
        stopping: asyncio.Event = request.app.state.stopping
        woken = collector.watch()
        try:
            while not stopping.is_set():
                page = _render(visit_of(request, goes_on=True), "flow_live.html")
                yield format_sse_event(event="flow", data_str=bytes(page.body).decode())
                woken.clear()
                await _first_of(woken, stopping)
        except SignInNeededError:
            yield format_sse_event(event="ended", data_str="The session is over.")
        finally:
            collector.leave(woken)

    def _render(visit: Visit, template: str) -> Response:
        flow = flow_of(collector)
        return visit.render(template, flow=flow, graph=graph_of(flow), words=words)

    return router


async def _first_of(*events: asyncio.Event) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(
            waits, timeout=_LONGEST_WAIT_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        for wait in waits:
            wait.cancel()
