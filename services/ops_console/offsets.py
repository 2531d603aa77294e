"""How far topics reach and consumer groups have come, as Kafka tells it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from chassis.ends import learn_leaders
from contracts.topics import TOPICS, Topic
from services.ops_console.cluster import LIMIT_MS

Offsets = Mapping[TopicPartition, int]


class Reading(NamedTuple):
    """The offsets of a moment."""

    ends: Offsets
    """Of each partition, where the next event will be."""
    committed: Mapping[str, Offsets]
    """Of each consumer group, the partitions that it reads, and how far it has come."""
    firsts: Offsets = MappingProxyType({})
    """Of each partition of dead letters, where its first record is: what is over is deleted."""


class OffsetReader:
    """Asks Kafka; an async context manager."""

    def __init__(self, bootstrap_servers: str, topics: Sequence[Topic] = TOPICS) -> None:
        self._admin = AIOKafkaAdminClient(
            bootstrap_servers=bootstrap_servers, request_timeout_ms=LIMIT_MS
        )
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap_servers,
            enable_auto_commit=False,
            request_timeout_ms=LIMIT_MS,
        )
        self._known: dict[TopicPartition, TopicPartition] = {}
        self._partitions = [
            TopicPartition(name, partition)
            for topic in topics
            for name, count in ((topic.name, topic.partitions), (topic.dead_letters, None))
            for partition in range(count or 1)
        ]
        names = {topic.dead_letters for topic in topics}
        self._dead_letters = [at for at in self._partitions if at.topic in names]

    async def __aenter__(self) -> Self:
        """Open the connections.

        Raises:
            KafkaError: Kafka is away.
        """
        try:
            await self._admin.start()
            await self._consumer.start()
        except BaseException:
            await self.__aexit__()
            raise
        learn_leaders(self._consumer, self._partitions)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close them."""
        await self._consumer.stop()
        await self._admin.close()

    async def read(self, groups: Sequence[str]) -> Reading:
        """Return the offsets of now.

        Raises:
            KafkaError: Kafka is away.
        """
        # Committed first: what comes between the two counts as waiting, never as less than none.
        committed = {group: await self._committed(group) for group in groups}
        firsts = await self._consumer.beginning_offsets(self._dead_letters)
        ends = await self._consumer.end_offsets(self._partitions)
        return Reading(self._of_same(ends), committed, self._of_same(firsts))

    async def _committed(self, group: str) -> Offsets:
        found = await self._admin.list_consumer_group_offsets(group)
        return {self._same(at): max(done.offset, 0) for at, done in found.items()}

    def _of_same(self, offsets: Offsets) -> Offsets:
        return {self._same(at): offset for at, offset in offsets.items()}

    def _same(self, at: TopicPartition) -> TopicPartition:
        """Return the one object for a partition: an hour of readings has 100,000 of its likes."""
        return self._known.setdefault(at, at)
