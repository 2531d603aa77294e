"""The parts that each service is made of, wired."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from chassis import migrations
from chassis.broker import Broker
from chassis.consumer import Consumer, Handler
from chassis.database import Database
from chassis.readings import Reading, lag_of, outbox_of
from chassis.relay import Relay
from chassis.settings import ServiceSettings
from chassis.web.app import Task
from chassis.web.health import Check
from contracts.envelope import CloudEvent


@dataclass
class Parts:
    """What each service has: a database, a way to Kafka, a consumer and a relay."""

    name: str
    database: Database
    broker: Broker
    consumer: Consumer
    relay: Relay

    def tasks(self) -> dict[str, Task]:
        """Return what runs for as long as the service does."""
        return {"consumer": self.consumer.run, "relay": self.relay.run}

    def checks(self) -> dict[str, Check]:
        """Return what must hold before the service is ready."""
        head = migrations.head_of(self.name)

        async def database() -> str | None:
            return await self.database.problem(head)

        async def kafka() -> str | None:
            return None if await self.broker.reachable() else "no broker answers"

        return {"database": database, "kafka": kafka, "consumer": self.consumer.progress.problem}

    def readings(self) -> list[Reading]:
        """Return what is looked up whenever somebody asks for metrics."""
        return [outbox_of(self.database), lag_of(self.consumer.progress)]

    def closers(self) -> list[Callable[[], Awaitable[None]]]:
        """Return what is closed at the end, in order."""
        return [self.broker.close, self.database.close]


def assemble(
    name: str, settings: ServiceSettings, handlers: dict[type[CloudEvent], Handler]
) -> Parts:
    """Make a service's parts from its settings and its handlers by event."""
    database = Database(settings.database_url)
    broker = Broker(settings.kafka_bootstrap_servers)
    consumer = Consumer(name, database, broker, handlers, settings)
    relay = Relay(database, broker, settings.outbox_batch_size, settings.outbox_poll_seconds)
    return Parts(name, database, broker, consumer, relay)


def every(seconds: float, work: Callable[[], Awaitable[object]]) -> Task:
    """Return a task that does the work, waits, and does it again."""

    async def run() -> None:
        while True:
            await work()
            await asyncio.sleep(seconds)

    return run
