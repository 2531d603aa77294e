"""A program of a treatment centre's that takes webhooks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from standardwebhooks import Webhook

from tests.integration.chart_service.serving import serving


@dataclass
class Received:
    """One request as it came in."""

    headers: dict[str, str]
    body: str

    def verified(self, secret: str) -> Any:
        """Return the payload when the signature is the secret's."""
        return Webhook(secret).verify(self.body, self.headers)


@dataclass
class Receiver:
    """What came in, and what is answered."""

    url: str = ""
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    answer: Callable[[], Awaitable[None]] | None = None
    received: list[Received] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, request: Request) -> Response:
        """Take one request."""
        taken = Received(dict(request.headers), (await request.body()).decode())
        async with self._news:
            self.received.append(taken)
            self._news.notify_all()
        if self.answer:
            await self.answer()
        return Response(status_code=self.status, headers=self.headers)

    async def waits_for(self, count: int) -> list[Received]:
        """Return what came in once it is so many."""
        async with asyncio.timeout(60), self._news:
            await self._news.wait_for(lambda: len(self.received) >= count)
        return self.received


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Serve a receiver on a port of its own."""
    app = FastAPI()
    receiver = Receiver()
    app.post("/hooks")(receiver.take)
    async with serving(app) as url:
        receiver.url = f"{url}/hooks"
        yield receiver
