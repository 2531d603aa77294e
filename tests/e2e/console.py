"""Somebody of the ops people who looks at the flow all the time."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape

import httpx

from bench.console_visitor import sign_in
from devstack.status import Status

LOOK_EVERY_SECONDS = 0.2
_TROUBLES = re.compile(r'id="troubles".*?id="picture"', re.DOTALL)
_TEXT = re.compile(r">\s*([^<>\s][^<>]*?)\s*<")


@asynccontextmanager
async def watching(now: Status) -> AsyncIterator[list[str]]:
    """Look on while the block runs; give every sentence that was seen, in order, as it grows."""
    seen: list[str] = []
    async with httpx.AsyncClient(base_url=str(now["urls"]["ops"]), timeout=30) as client:
        await sign_in(client, now)
        looking = asyncio.create_task(_look(client, seen))
        try:
            yield seen
        finally:
            looking.cancel()


async def _look(client: httpx.AsyncClient, seen: list[str]) -> None:
    while True:
        found = _TROUBLES.search((await client.get("/")).text)
        assert found is not None
        seen += map(unescape, _TEXT.findall(found[0]))
        await asyncio.sleep(LOOK_EVERY_SECONDS)
