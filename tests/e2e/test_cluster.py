"""Three brokers, two instances of each service: what is killed or restarted loses nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from contracts.chart import InviteRequested
from devstack import control
from devstack.kafka_cluster import KafkaCluster
from devstack.services import SERVICES
from devstack.size import Size
from tests.e2e.console import LOOK_EVERY_SECONDS, watching
from tests.e2e.mailed_once import PATIENCE, Center, each_is_mailed_once, running_center

FINE = "Everything flows"
MOST = 1000
BEFORE = 50
PAUSE_SECONDS = 0.04


@pytest.fixture(scope="module")
async def center() -> AsyncIterator[Center]:
    """A cluster of this module's own."""
    async with running_center(Size(3, {service.name: 2 for service in SERVICES})) as center:
        yield center


async def test_a_broker_killed_under_load_loses_and_doubles_nothing(center: Center) -> None:
    requests = await center.has_charts(300)
    cluster = center.stack.infrastructure.kafka
    assert isinstance(cluster, KafkaCluster)
    async with watching(center.now()) as seen:
        published = await _publish_during(center, requests, cluster.brokers[1].kill)
        await center.events.publish(*requests[len(published) :])
        await each_is_mailed_once(center, requests)
        async with asyncio.timeout(PATIENCE):
            while seen[-1] != FINE:  # noqa: ASYNC110 - another task looks
                await asyncio.sleep(LOOK_EVERY_SECONDS)
    assert "Broker 2 does not answer; 2 of 3 do." in seen
    assert not [sentence for sentence in seen if sentence.startswith("Kafka")]


async def test_a_rolling_restart_under_load_loses_and_doubles_nothing(center: Center) -> None:
    requests = await center.has_charts(MOST)
    home, names, back = center.stack.home.folder, [each.name for each in SERVICES], list[str]()
    async with watching(center.now()) as seen:
        published = await _publish_during(
            center, requests, lambda: control.restart(home, names, back.append)
        )
        await each_is_mailed_once(center, published)
    assert set(back) == {f"{name}{suffix}" for name in names for suffix in ("", "-2")}
    assert {f"{instance} does not answer." for instance in back} <= set(seen)


async def _publish_during(
    center: Center, requests: Sequence[InviteRequested], work: Callable[[], object]
) -> list[InviteRequested]:
    """Publish requests steadily before, and during some work; return those published."""
    await center.events.publish(*requests[:BEFORE])
    published = list(requests[:BEFORE])
    working = asyncio.create_task(asyncio.to_thread(work))
    for request in requests[BEFORE:]:
        await center.events.publish(request)
        published.append(request)
        await asyncio.wait([working], timeout=PAUSE_SECONDS)
        if working.done():
            break
    await working
    return published
