"""A service ends when it is told to, whatever its tasks are at."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from chassis.web import app as web_app


async def test_a_task_that_lost_the_cancellation_ends_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(web_app, "_CANCEL_AGAIN_SECONDS", 0.05)
    began, lost = asyncio.Event(), asyncio.Event()

    async def loses_the_first() -> None:
        began.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        lost.set()
        await asyncio.Event().wait()

    app = web_app.create_app("a_service", Path(), {"sender": loses_the_first}, {}, [])
    async with asyncio.timeout(60):
        async with app.router.lifespan_context(app):
            await began.wait()
    assert lost.is_set()
