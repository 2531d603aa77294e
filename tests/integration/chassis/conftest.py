"""A service that is nothing but its chassis, on servers that may be killed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from sqlalchemy import text

from chassis import inbox, outbox, topics
from chassis.backoff import forever
from chassis.broker import Broker
from chassis.database import Database, Transaction
from chassis.service import Parts, assemble
from chassis.settings import ServiceSettings
from chassis.web import sessions
from contracts.chart import (
    InviteRequested,
    InviteRequestedData,
    PersonChanged,
    PersonChangedData,
    Relationship,
)
from contracts.envelope import CloudEvent, Invitee
from contracts.scopes import Role
from contracts.topics import TOPIC_BY_EVENT
from devstack.infrastructure import Infrastructure
from devstack.paths import temporary_folder
from tests.event_log import EventLog

NAME = "chassis_test"
SECRET = "ana.secret@sunrise.example"
POISON = "poison"

_HANDLED_DDL = """
CREATE TABLE handled (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL,
    organization text NOT NULL,
    key text NOT NULL,
    number integer NOT NULL
)
"""
_TABLES = {
    "chassis": (outbox.DDL, inbox.DDL, inbox.INDEX_DDL, sessions.DDL, _HANDLED_DDL),
    "relays": (outbox.DDL,),
    "measured": (outbox.DDL,),
}


async def handle(events: list[PersonChanged], tx: Transaction) -> None:
    """Note each event and publish one in answer; no handler likes poison."""
    for event in events:
        invitee = event.data.invitee
        if event.data.given_name == POISON:
            raise ValueError(f"cannot handle {event.data.email}")
        await tx.connection.execute(
            text("INSERT INTO handled VALUES (DEFAULT, :id, :organization, :key, :number)"),
            {
                "id": event.id,
                "organization": invitee.organization,
                "key": invitee.key,
                "number": int(event.data.given_name),
            },
        )
        data = InviteRequestedData(
            invitee=invitee, role=Role.PATIENT, requested_by=event.data.given_name
        )
        tx.publish(InviteRequested.of(data, cause=event))


@dataclass
class Center:
    """A treatment centre of one test's own."""

    id: str = field(default_factory=lambda: f"o-{uuid4().hex[:12]}")

    def invitee(self, person: int) -> Invitee:
        """Return one of its people."""
        return Invitee(organization=self.id, chart="c-1", person=f"p-{person}")

    def changed(self, person: int, number: int | str) -> PersonChanged:
        """Return the numbered news of a person."""
        data = PersonChangedData(
            invitee=self.invitee(person),
            relationship=Relationship.PATIENT,
            given_name=str(number),
            email=SECRET,
        )
        return PersonChanged.of(data)

    def requested(self, person: int, number: int) -> InviteRequested:
        """Return the numbered request for a person."""
        data = InviteRequestedData(
            invitee=self.invitee(person), role=Role.PATIENT, requested_by=str(number)
        )
        return InviteRequested.of(data)

    def owns(self, event: InviteRequested) -> bool:
        """Tell whether an event is of this test."""
        return event.data.invitee.organization == self.id


@pytest.fixture
def center() -> Center:
    return Center()


@pytest.fixture(scope="package")
async def infrastructure() -> AsyncIterator[Infrastructure]:
    """Kafka and PostgreSQL with all topics, and the chassis' tables in two databases."""
    with temporary_folder() as folder:
        running = Infrastructure(folder, databases=tuple(_TABLES))
        await asyncio.to_thread(running.start)
        try:
            await topics.create_missing(running.kafka.bootstrap_servers)
            for name, tables in _TABLES.items():
                await _create(running.postgres.url(name), tables)
            yield running
        finally:
            await asyncio.to_thread(running.stop)


async def _create(url: str, tables: Sequence[str]) -> None:
    async with database_at(url) as database, database.engine.begin() as connection:
        for statement in tables:
            await connection.execute(text(statement))


@asynccontextmanager
async def database_at(url: str) -> AsyncIterator[Database]:
    """Open a database of the tests' own and close it."""
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture(scope="package")
async def service(infrastructure: Infrastructure) -> AsyncIterator[Parts]:
    """The running service."""
    settings = ServiceSettings(
        database_url=infrastructure.postgres.url("chassis"),
        kafka_bootstrap_servers=infrastructure.kafka.bootstrap_servers,
    )
    parts = assemble(NAME, settings, {PersonChanged: handle})
    tasks = [asyncio.create_task(forever(task, what)) for what, task in parts.tasks().items()]
    try:
        yield parts
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for close in parts.closers():
            await close()


@pytest.fixture
async def database(service: Parts) -> Database:
    """The service's database."""
    return service.database


@pytest.fixture
async def log(infrastructure: Infrastructure) -> AsyncIterator[EventLog]:
    """All that passes over this Kafka."""
    async with EventLog(infrastructure.kafka.bootstrap_servers) as opened:
        yield opened


@pytest.fixture
async def broker(infrastructure: Infrastructure) -> AsyncIterator[Broker]:
    """The tests' own way to publish much at once."""
    opened = Broker(infrastructure.kafka.bootstrap_servers)
    yield opened
    await opened.close()


async def send(broker: Broker, events: Sequence[CloudEvent]) -> None:
    """Publish events in order, in as few requests as possible."""
    await broker.send_all(
        [
            (TOPIC_BY_EVENT[type(event)].name, event.subject, event.model_dump_json().encode())
            for event in events
        ]
    )


async def handled(database: Database, center: Center) -> list[tuple[str, int]]:
    """Return the key and number of each event that was handled, in order."""
    query = "SELECT key, number FROM handled WHERE organization = :id ORDER BY position"
    async with database.engine.connect() as connection:
        rows = await connection.execute(text(query), {"id": center.id})
        return [(row.key, row.number) for row in rows]


def numbers_by_key(pairs: Sequence[tuple[str, int]]) -> dict[str, list[int]]:
    """Gather numbers by key; of what came twice, the first."""
    found: dict[str, list[int]] = {}
    for key, number in dict.fromkeys(pairs):
        found.setdefault(key, []).append(number)
    return found


def published(events: Sequence[InviteRequested]) -> list[tuple[str, int]]:
    """Return the key and number of each event, in order."""
    return [(event.subject, int(event.data.requested_by or "")) for event in events]
