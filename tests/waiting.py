"""Waiting for a condition, with a limit: nothing in the tests sleeps and hopes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(find: Callable[[], Awaitable[T | None]], seconds: float = 60) -> T:
    """Return what was looked for as soon as there is something to it."""
    async with asyncio.timeout(seconds):
        while not (found := await find()):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)
    return found
