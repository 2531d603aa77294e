"""Waiting for what is away: soon at first, seldom later, never all at once, and for ever."""

import asyncio

import pytest

from chassis import backoff
from chassis.backoff import delay_before, forever, until_done


class AwayError(Exception):
    """Something is away, or wrong for good."""


def test_the_first_retry_comes_at_once_and_later_ones_within_seconds() -> None:
    assert all(0.05 <= delay_before(1) <= 0.2 for _ in range(200))
    assert all(0.05 <= delay_before(attempt) <= 5 for attempt in range(1, 2000))


def test_many_that_wait_do_not_come_back_together() -> None:
    delays = sorted(delay_before(10) for _ in range(200))
    assert delays[-1] - delays[0] > 1


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait for the backoff itself."""
    monkeypatch.setattr(backoff, "delay_before", lambda _attempt: 0.0)


@pytest.mark.usefixtures("quick")
async def test_work_that_fails_for_a_while_is_done_in_the_end() -> None:
    failures = [AwayError() for _ in range(5)]

    async def work() -> str:
        if failures:
            raise failures.pop()
        return "done"

    assert await until_done(work, lambda error: isinstance(error, AwayError), "a test") == "done"


@pytest.mark.usefixtures("quick")
async def test_an_error_that_will_not_pass_is_told_at_once() -> None:
    attempts = 0

    async def work() -> None:
        nonlocal attempts
        attempts += 1
        raise AwayError

    with pytest.raises(AwayError):
        await until_done(work, lambda _: False, "a test")
    assert attempts == 1


@pytest.mark.usefixtures("quick")
async def test_a_task_that_fails_or_ends_is_begun_again_until_it_is_cancelled() -> None:
    rounds = 0
    enough = asyncio.Event()

    async def work() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 5:
            enough.set()
        if rounds % 2:
            raise AwayError

    task = asyncio.create_task(forever(work, "a test"))
    async with asyncio.timeout(60):
        await enough.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
