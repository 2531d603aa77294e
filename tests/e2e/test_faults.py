"""Killed in the middle of the work, the services lose nothing and double nothing."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from contracts.chart import InviteRequested
from devstack.size import Size
from tests.e2e.mailed_once import Center, each_is_mailed_once, running_center

COUNT = 300


@pytest.fixture(scope="module")
async def center() -> AsyncIterator[Center]:
    """A stack of this module's own, whose processes may be killed."""
    async with running_center(Size()) as center:
        yield center


async def test_services_killed_in_the_middle_of_300_invitations_lose_and_double_none(
    center: Center,
) -> None:
    def kill(service: str) -> None:
        (found,) = [s for s in center.now()["services"] if s["name"] == service]
        assert found["pid"] is not None
        os.kill(found["pid"], signal.SIGKILL)

    async def kill_now_and_then(number: int) -> None:
        if number in {60, 200}:
            kill("invitation_service")
        if number in {100, 250}:
            kill("notification_service")
        if number == 150:
            kill("chart_service")

    requests = await center.has_charts(COUNT)
    await _invite(center, requests, kill_now_and_then)
    await each_is_mailed_once(center, requests)


async def test_kafka_and_postgresql_killed_meanwhile_lose_and_double_none(center: Center) -> None:
    async def kill_now_and_then(number: int) -> None:
        if number == 80:
            await asyncio.to_thread(center.stack.infrastructure.postgres.kill)
        if number == 160:
            await asyncio.to_thread(center.stack.infrastructure.kafka.kill)

    requests = await center.has_charts(COUNT)
    await _invite(center, requests, kill_now_and_then)
    await each_is_mailed_once(center, requests)


async def _invite(
    center: Center, requests: list[InviteRequested], fault: Callable[[int], Awaitable[None]]
) -> None:
    for number, request in enumerate(requests):
        await center.events.publish(request)
        await fault(number)
