"""Waiting for something that is away: exponential backoff with full jitter."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from chassis import metrics, telemetry

_log = telemetry.logger("backoff")
_LONGEST = 5.0

T = TypeVar("T")


def delay_before(attempt: int, longest: float = _LONGEST) -> float:
    """Return seconds to wait before the given attempt (1 is the first retry)."""
    return random.uniform(0.05, min(longest, 0.1 * 2.0 ** min(attempt, 20)))  # noqa: S311 - jitter


async def until_done(
    work: Callable[[], Awaitable[T]], is_transient: Callable[[BaseException], bool], what: str
) -> T:
    """Do the work, again and again while it fails for a passing reason; return its result.

    Raises:
        Exception: the first error that is not transient.
    """
    attempt = 0
    while True:
        try:
            return await work()
        except Exception as error:
            if not is_transient(error):
                raise
            attempt += 1
            metrics.RETRIES.labels(what=what).inc()
            _log.warning("waiting", what=what, attempt=attempt, exc=error)
            await asyncio.sleep(delay_before(attempt))


async def forever(work: Callable[[], Awaitable[None]], what: str) -> None:
    """Keep a task going for the life of the service: what ends or fails is begun again."""
    attempt = 0
    while True:
        started = asyncio.get_running_loop().time()
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - a service never stops for one failed round
            metrics.TASK_RESTARTS.labels(task=what).inc()
            _log.warning("beginning again", what=what, attempt=attempt, exc=error)
        lasted = asyncio.get_running_loop().time() - started
        attempt = 0 if lasted > _LONGEST else attempt + 1
        await asyncio.sleep(delay_before(attempt))
