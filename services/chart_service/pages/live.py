"""The facesheet while it is open: what changes of its invitations is pushed to the browser.

Server-sent events (WHATWG HTML, 9.2). A stream holds no database connection while it waits; one
listener per process wakes it. The page was in the audit log when it was opened; its stream is the
same look at the same chart.
"""

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from chassis.database import Database, is_transient
from chassis.listening import Listener
from contracts.envelope import Identifier
from services.chart_service import facesheet
from services.chart_service.pages import alert_words
from services.chart_service.pages.visits import SignInNeededError, Visit, Visits

HEARTBEAT_SECONDS = 15.0
"""How often a stream shows that it lives, and looks whether its session does."""

_UNBUFFERED = {"X-Accel-Buffering": "no"}


def routes(database: Database, listener: Listener, visits: Visits) -> APIRouter:
    """Return the streams over this database, for staff who signed in."""
    router = APIRouter(include_in_schema=False)

    @router.get("/charts/{chart}/alerts/stream")
    async def stream(request: Request, chart: Identifier) -> Response:
        """Push the invitations' parts of a facesheet now, and whenever they change."""
        visit = await visits.goes_on(request)
        await _rendered(database, visit, chart)  # an unknown chart is answered, not streamed
        updates = _updates(request, visit.organization.id, chart)
        return StreamingResponse(updates, media_type="text/event-stream", headers=_UNBUFFERED)

    async def _updates(request: Request, organization: str, chart: str) -> AsyncIterator[bytes]:
        stopping: asyncio.Event = request.app.state.stopping
        shown = ""
        with listener.waiting_for(f"{organization}/{chart}") as woken:
            woken.set()
            try:
                while not stopping.is_set():
                    visit = await visits.goes_on(request)
                    if woken.is_set():
                        woken.clear()
                        html = await _rendered(database, visit, chart)
                        yield _event(html) if html != shown else KEEPALIVE_COMMENT
                        shown = html
                    else:
                        yield KEEPALIVE_COMMENT
                    await _first_of(woken, stopping)
            except SignInNeededError:
                yield format_sse_event(event="ended", data_str="The session is over.")
            except Exception as error:
                if not is_transient(error):
                    raise  # else the browser comes back by itself

    return router


async def _rendered(database: Database, visit: Visit, chart: str) -> str:
    async with database.transaction() as tx:
        sheet = await facesheet.load(tx, visit.organization.id, chart)
    page = visit.render("facesheet/live.html", sheet=sheet, alert_words=alert_words)
    return bytes(page.body).decode()


def _event(html: str) -> bytes:
    return format_sse_event(event="facesheet", data_str=html)


async def _first_of(*events: asyncio.Event) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
