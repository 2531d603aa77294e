"""Parts of a page that stay as they are now: server-sent events push them (WHATWG HTML, 9.2)."""

import asyncio
from collections.abc import AsyncIterator, Callable

from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from fastapi.sse import format_sse_event

from services.ops_console.collector import Collector
from services.ops_console.visits import SignInNeededError, Visit, visit_of

_UNBUFFERED = {"X-Accel-Buffering": "no"}
_LONGEST_WAIT_SECONDS = 15.0

Render = Callable[[Visit], Response]


class LiveParts:
    """Streams what `render` makes of the collector, made once for all who watch.

    It must be the same for everybody, whoever is signed in. Of `every` readings one is pushed.
    """

    def __init__(self, collector: Collector, render: Render, every: int = 1) -> None:
        self._collector = collector
        self._render = render
        self._every = every
        self._made_at = -1
        self._made = b""

    def stream(self, request: Request) -> Response:
        """Push the parts whenever there is something new.

        Raises:
            SignInNeededError: Nobody is signed in.
        """
        visit_of(request, goes_on=True)
        return StreamingResponse(
            self._updates(request), media_type="text/event-stream", headers=_UNBUFFERED
        )

    async def _updates(self, request: Request) -> AsyncIterator[bytes]:
        stopping: asyncio.Event = request.app.state.stopping
        woken, sent_at = self._collector.watch(), -1
        try:
            while not stopping.is_set():
                visit = visit_of(request, goes_on=True)
                if self._turn != sent_at:
                    sent_at = self._turn
                    yield self._newest(visit)
                woken.clear()
                await _first_of(woken, stopping)
        except SignInNeededError:
            yield format_sse_event(event="ended", data_str="The session is over.")
        finally:
            self._collector.leave(woken)

    @property
    def _turn(self) -> int:
        return self._collector.readings // self._every

    def _newest(self, visit: Visit) -> bytes:
        if self._made_at != self._turn:
            page = bytes(self._render(visit).body).decode()
            self._made_at = self._turn
            self._made = format_sse_event(event="parts", data_str=page)
        return self._made


async def _first_of(*events: asyncio.Event) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(
            waits, timeout=_LONGEST_WAIT_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        for wait in waits:
            wait.cancel()
