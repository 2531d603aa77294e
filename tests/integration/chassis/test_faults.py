"""Kafka or PostgreSQL killed in the middle: everything is handled exactly once, in order."""

import asyncio
from collections.abc import Callable

import pytest

from chassis.broker import Broker
from chassis.database import Database, is_transient
from chassis.service import Parts
from contracts.chart import InviteRequested, PersonChanged
from devstack.infrastructure import Infrastructure
from tests.event_log import EventLog
from tests.integration.chassis.conftest import (
    Center,
    handled,
    numbers_by_key,
    published,
    send,
)

PEOPLE = 30
NUMBERS = range(40)
PATIENCE = 60


def news(center: Center, numbers: range) -> list[PersonChanged]:
    return [center.changed(person, number) for number in numbers for person in range(PEOPLE)]


async def all_is_handled_once(database: Database, log: EventLog, center: Center) -> None:
    """Wait until everything is handled and answered; fail when anything is doubled or given up."""
    expected = {center.invitee(person).key: list(NUMBERS) for person in range(PEOPLE)}
    async with asyncio.timeout(PATIENCE):
        while numbers_by_key(published(log.of(InviteRequested, center.owns))) != expected:
            count = len(log.of(InviteRequested, center.owns))
            await log.wait_for(InviteRequested, center.owns, count + 1, PATIENCE)
    found = await handled(database, center)
    assert numbers_by_key(found) == expected
    assert len(found) == PEOPLE * len(NUMBERS)
    assert len({e.id for e in log.of(InviteRequested, center.owns)}) == len(found)
    assert not [letter for letter in log.dead_letters if center.id.encode() in (letter.key or b"")]


async def test_postgresql_killed_in_the_middle_loses_and_doubles_nothing(
    infrastructure: Infrastructure,
    service: Parts,
    log: EventLog,
    broker: Broker,
    center: Center,
) -> None:
    await send(broker, news(center, range(20)))
    await log.wait_for(InviteRequested, center.owns)
    await asyncio.to_thread(infrastructure.postgres.kill)
    await send(broker, news(center, range(20, 40)))
    await asyncio.to_thread(infrastructure.postgres.start)
    await all_is_handled_once(service.database, log, center)


async def test_postgresql_restarting_again_and_again_gives_up_no_event(
    infrastructure: Infrastructure,
    service: Parts,
    log: EventLog,
    broker: Broker,
    center: Center,
) -> None:
    for start in range(0, 40, 10):
        await send(broker, news(center, range(start, start + 10)))
        await asyncio.to_thread(infrastructure.postgres.kill)
        await asyncio.to_thread(infrastructure.postgres.start)
    await all_is_handled_once(service.database, log, center)


async def test_kafka_killed_in_the_middle_loses_and_doubles_nothing(
    infrastructure: Infrastructure,
    service: Parts,
    log: EventLog,
    broker: Broker,
    center: Center,
) -> None:
    await send(broker, news(center, range(20)))
    await log.wait_for(InviteRequested, center.owns)
    await asyncio.to_thread(infrastructure.kafka.kill)
    await asyncio.to_thread(infrastructure.kafka.start)
    await send(broker, news(center, range(20, 40)))
    await all_is_handled_once(service.database, log, center)


async def test_while_postgresql_is_away_or_starting_every_error_is_worth_another_try(
    infrastructure: Infrastructure, database: Database
) -> None:
    errors: list[BaseException] = []

    async def connect_until(done: Callable[[], bool]) -> None:
        while not done():
            try:
                await database.problem(None)
            except Exception as error:  # noqa: BLE001 - all kinds are looked at below
                errors.append(error)
            await asyncio.sleep(0.005)

    await asyncio.to_thread(infrastructure.postgres.kill)
    starting = asyncio.create_task(asyncio.to_thread(infrastructure.postgres.start))
    async with asyncio.timeout(PATIENCE):
        await connect_until(starting.done)
    await starting
    assert errors
    assert not [error for error in errors if not is_transient(error)]


@pytest.mark.parametrize("statement", ["SELECT 1/0", "SELECT 'x'::uuid"])
async def test_an_error_of_the_data_itself_is_not_tried_again(
    database: Database, statement: str
) -> None:
    with pytest.raises(Exception) as caught:
        async with database.transaction() as tx:
            await tx.connection.exec_driver_sql(statement)
    assert not is_transient(caught.value)


@pytest.mark.parametrize("statement", ["SELECT no_such_column", "SELECT * FROM no_such_table"])
async def test_a_schema_that_is_not_there_yet_is_waited_for(
    database: Database, statement: str
) -> None:
    with pytest.raises(Exception) as caught:
        async with database.transaction() as tx:
            await tx.connection.exec_driver_sql(statement)
    assert is_transient(caught.value)


async def test_a_value_that_fits_no_column_is_not_tried_again(database: Database) -> None:
    with pytest.raises(Exception) as caught:
        async with database.transaction() as tx:
            await tx.run("SELECT CAST(:number AS integer)", number=2**40)
    assert not is_transient(caught.value)
