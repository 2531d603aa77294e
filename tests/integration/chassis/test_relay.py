"""What a transaction publishes reaches Kafka with its commit, in order, and only then."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from sqlalchemy import text

from chassis.backoff import forever
from chassis.broker import Broker
from chassis.database import Database
from chassis.outbox import EventTooLargeError
from chassis.relay import Relay
from contracts.chart import (
    MAX_LOGO_BYTES,
    InviteRequested,
    Logo,
    OrganizationChanged,
    OrganizationChangedData,
)
from contracts.envelope import CloudEvent
from devstack.infrastructure import Infrastructure
from tests.event_log import EventLog
from tests.integration.chassis.conftest import Center, database_at, numbers_by_key, published

PEOPLE = 40


@pytest.fixture
async def outbox(infrastructure: Infrastructure) -> AsyncIterator[Database]:
    """A database with an outbox that only the tests' relays empty."""
    async with database_at(infrastructure.postgres.url("relays")) as database:
        yield database


@asynccontextmanager
async def relay_of(infrastructure: Infrastructure) -> AsyncIterator[None]:
    """Run a relay as another instance of a service would: with connections of its own."""
    broker = Broker(infrastructure.kafka.bootstrap_servers)
    async with database_at(infrastructure.postgres.url("relays")) as database:
        relay = Relay(database, broker, batch_size=100, poll_seconds=0.02)
        running = asyncio.create_task(forever(relay.run, "relay"))
        try:
            yield
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await broker.close()


async def commit(outbox: Database, events: Iterable[CloudEvent]) -> None:
    async with outbox.transaction() as tx:
        for event in events:
            tx.publish(event)


async def waiting_rows(outbox: Database) -> int:
    async with outbox.engine.connect() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM outbox"))).scalar_one())


def all_of(numbers: range) -> dict[int, list[int]]:
    return {person: list(numbers) for person in range(PEOPLE)}


def by_person(events: list[InviteRequested]) -> dict[int, list[int]]:
    pairs = numbers_by_key(published(events))
    return {int(key.rpartition("-")[2]): numbers for key, numbers in pairs.items()}


async def all_arrived(log: EventLog, center: Center, numbers: range) -> None:
    """Return when each person's events have passed, in their order; fail when any does not."""
    async with asyncio.timeout(60):
        while by_person(found := log.of(InviteRequested, center.owns)) != all_of(numbers):
            await log.wait_for(InviteRequested, center.owns, len(found) + 1, seconds=60)


async def test_two_relays_at_once_keep_each_keys_order_and_double_none(
    infrastructure: Infrastructure, outbox: Database, log: EventLog, center: Center
) -> None:
    async def write(people: range) -> None:
        for number in range(50):
            await commit(outbox, [center.requested(person, number) for person in people])

    async with relay_of(infrastructure), relay_of(infrastructure):
        await asyncio.gather(*(write(range(start, start + 10)) for start in range(0, PEOPLE, 10)))
        found = await log.wait_for(InviteRequested, center.owns, count=2000)
    assert by_person(found) == all_of(range(50))
    assert len(found) == 2000


async def test_a_transaction_that_is_rolled_back_publishes_nothing(
    infrastructure: Infrastructure, outbox: Database, log: EventLog, center: Center
) -> None:
    async def fail() -> None:
        async with outbox.transaction() as tx:
            tx.publish(center.requested(1, 1))
            await tx.flush()
            raise LookupError

    async with relay_of(infrastructure):
        with pytest.raises(LookupError):
            await fail()
        await commit(outbox, [center.requested(1, 2)])
        found = await log.wait_for(InviteRequested, center.owns)
    assert published(found) == [(center.invitee(1).key, 2)]


async def test_an_event_too_large_fails_its_request_and_never_the_relay(
    infrastructure: Infrastructure, outbox: Database, log: EventLog, center: Center
) -> None:
    event = center.requested(1, 1)
    too_large = event.model_copy(update={"source": "s" * 300_000})
    async with relay_of(infrastructure):
        with pytest.raises(EventTooLargeError):
            await commit(outbox, [center.requested(1, 0), too_large])
        await commit(outbox, [event])
        found = await log.wait_for(InviteRequested, center.owns)
    assert published(found) == [(center.invitee(1).key, 1)]


async def test_many_of_the_largest_events_go_through_in_order(
    infrastructure: Infrastructure, outbox: Database, log: EventLog, center: Center
) -> None:
    logo = Logo(media_type="image/png", content=b64encode(b"x" * (MAX_LOGO_BYTES // 4 * 3)))

    def changed(number: int) -> OrganizationChanged:
        return OrganizationChanged.of(
            OrganizationChangedData(
                organization=center.id,
                name=str(number),
                phone="+1 202-555-0143",
                logo=logo,
                portal_enabled=True,
            )
        )

    async with relay_of(infrastructure):
        await commit(outbox, [changed(number) for number in range(20)])
        found = await log.wait_for(
            OrganizationChanged, lambda event: event.data.organization == center.id, count=20
        )
    assert [event.data.name for event in found] == [str(number) for number in range(20)]


async def test_a_relay_that_is_stopped_in_the_middle_loses_none_and_keeps_the_order(
    infrastructure: Infrastructure, outbox: Database, log: EventLog, center: Center
) -> None:
    await commit(
        outbox, [center.requested(person, n) for n in range(25) for person in range(PEOPLE)]
    )
    for already in (1, 200, 400, 600, 800):
        async with relay_of(infrastructure):
            await log.wait_for(InviteRequested, center.owns, count=already)
    async with relay_of(infrastructure):
        await all_arrived(log, center, range(25))


async def test_while_kafka_is_away_events_wait_in_order(
    infrastructure: Infrastructure, outbox: Database, log: EventLog, center: Center
) -> None:
    async def write(numbers: range) -> None:
        for number in numbers:
            await commit(outbox, [center.requested(person, number) for person in range(PEOPLE)])

    async with AsyncExitStack() as relays:
        for _ in range(2):
            await relays.enter_async_context(relay_of(infrastructure))
        await write(range(5))
        await log.wait_for(InviteRequested, center.owns)
        await asyncio.to_thread(infrastructure.kafka.kill)
        await write(range(5, 10))
        assert await waiting_rows(outbox) >= 5 * PEOPLE
        await asyncio.to_thread(infrastructure.kafka.start)
        await write(range(10, 15))
        await all_arrived(log, center, range(15))
