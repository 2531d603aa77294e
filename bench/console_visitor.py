"""Ops people who have the console open: its stream all the time, its other pages now and then."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx

from devstack.status import Status

_FORM_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_LOOK_EVERY_SECONDS = 10.0


@asynccontextmanager
async def looking(now: Status, visitors: int, pages: Sequence[str]) -> AsyncIterator[None]:
    """Have so many people watch the flow, and look at each of these pages every ten seconds.

    All are signed in when the block begins.

    Raises:
        httpx.HTTPError: The console did not answer one of them.
    """
    everybody_in = asyncio.Barrier(visitors + 1)
    async with asyncio.TaskGroup() as tasks:
        started = [tasks.create_task(_look(now, pages, everybody_in)) for _ in range(visitors)]
        await everybody_in.wait()
        yield
        for task in started:
            task.cancel()


async def _look(now: Status, pages: Sequence[str], everybody_in: asyncio.Barrier) -> None:
    async with httpx.AsyncClient(base_url=str(now["urls"]["ops"]), timeout=60) as client:
        await sign_in(client, now)
        await everybody_in.wait()
        async with asyncio.TaskGroup() as both:
            both.create_task(_watch(client))
            both.create_task(_leaf_through(client, pages))


async def sign_in(client: httpx.AsyncClient, now: Status) -> None:
    """Sign in to the console of a stack; the client keeps the cookie."""
    assert now["credentials"] is not None
    token = _FORM_TOKEN.search((await client.get("/sign-in")).text)
    assert token is not None
    known = {"csrf_token": token[1], **now["credentials"]["ops"]}
    answer = await client.post("/sign-in", data=known)
    assert answer.is_redirect, f"The console does not let in: {answer.status_code}"


async def _watch(client: httpx.AsyncClient) -> None:
    async with client.stream("GET", "/flow/stream") as stream:
        stream.raise_for_status()
        async for _ in stream.aiter_raw():
            pass


async def _leaf_through(client: httpx.AsyncClient, pages: Sequence[str]) -> None:
    while True:
        for page in pages:
            (await client.get(page)).raise_for_status()
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
