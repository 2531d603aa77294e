"""A Kafka client of the tests' own: publishes events and remembers all that pass."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from pydantic_core import from_json

from contracts.envelope import CloudEvent
from contracts.topics import TOPIC_BY_EVENT, TOPICS

E = TypeVar("E", bound=CloudEvent)
_PATIENCE_MS = 3_600_000
"""The loop stands still during tests that are not async; after those every request looks late."""

_BY_TYPE = {event.type_name(): event for event in TOPIC_BY_EVENT}


class EventLog:
    """Everything on every topic since the log was opened, and before."""

    def __init__(self, bootstrap_servers: str) -> None:
        names = [name for topic in TOPICS for name in (topic.name, topic.dead_letters)]
        self._consumer = AIOKafkaConsumer(
            *names,
            bootstrap_servers=bootstrap_servers,
            auto_offset_reset="earliest",
            request_timeout_ms=_PATIENCE_MS,
        )
        self._producer = AIOKafkaProducer(
            bootstrap_servers=bootstrap_servers, acks="all", request_timeout_ms=_PATIENCE_MS
        )
        self.by_type: defaultdict[type[CloudEvent], list[Any]] = defaultdict(list)
        self.dead_letters: list[ConsumerRecord] = []
        self._arrived = asyncio.Condition()

    async def __aenter__(self) -> Self:
        await self._producer.start()
        await self._consumer.start()
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _tb: TracebackType | None,
    ) -> None:
        self._reading.cancel()
        await self._consumer.stop()
        await self._producer.stop()

    async def publish(self, *events: CloudEvent) -> None:
        """Publish events as a service would."""
        for event in events:
            topic = TOPIC_BY_EVENT[type(event)].name
            raw = event.model_dump_json().encode()
            await self.publish_raw(topic, event.subject.encode(), raw)

    async def publish_raw(self, topic: str, key: bytes | None, value: bytes) -> None:
        """Publish bytes as anybody could."""
        await self._producer.send_and_wait(topic, value, key=key)

    def of(self, kind: type[E], match: Callable[[E], bool] = lambda _: True) -> list[E]:
        """Return the events of a type that passed so far and match."""
        return [event for event in self.by_type[kind] if match(event)]

    async def wait_for(
        self,
        kind: type[E],
        match: Callable[[E], bool] = lambda _: True,
        count: int = 1,
        seconds: float = 60,
    ) -> list[E]:
        """Return as soon as so many events of a type passed and match; one may pass twice."""
        async with asyncio.timeout(seconds), self._arrived:
            await self._arrived.wait_for(lambda: len(self.of(kind, match)) >= count)
        return self.of(kind, match)

    async def wait_for_different(
        self, kind: type[E], match: Callable[[E], bool], count: int, seconds: float
    ) -> list[E]:
        """Return as soon as so many events with different ids of a type passed and match."""

        def enough() -> bool:
            return len({event.id for event in self.of(kind, match)}) >= count

        async with asyncio.timeout(seconds), self._arrived:
            await self._arrived.wait_for(enough)
        return self.of(kind, match)

    async def wait_for_dead_letter(
        self, match: Callable[[ConsumerRecord], bool], seconds: float = 60
    ) -> ConsumerRecord:
        """Return the first dead letter that matches, as soon as it is there."""
        async with asyncio.timeout(seconds), self._arrived:
            await self._arrived.wait_for(lambda: any(map(match, self.dead_letters)))
        return next(filter(match, self.dead_letters))

    async def _read(self) -> None:
        while True:
            batches = await self._consumer.getmany(timeout_ms=200)
            async with self._arrived:
                for record in (record for batch in batches.values() for record in batch):
                    self._remember(record)
                self._arrived.notify_all()

    def _remember(self, record: ConsumerRecord) -> None:
        if record.topic.endswith(".dlq"):
            self.dead_letters.append(record)
            return
        try:
            kind = _BY_TYPE[from_json(record.value)["type"]]
            self.by_type[kind].append(kind.model_validate_json(record.value))
        except (KeyError, TypeError, ValueError):
            return  # what a test published broken on purpose
