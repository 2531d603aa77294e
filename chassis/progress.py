"""How a consumer gets on: whether it is in its group, and whether it moves while it is behind."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition

from chassis import metrics
from chassis.ends import Ends

_PATIENCE_SECONDS = 60.0
"""Longer than any batch takes, and than a group takes to share its partitions anew."""


class Progress(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """What a consumer notes of its work, and what follows for its readiness."""

    def __init__(self) -> None:
        self.patience_seconds = _PATIENCE_SECONDS
        self._consumer: AIOKafkaConsumer | None = None
        self._ends: Ends | None = None
        self._under_way = 0
        self._behind_since: float | None = None
        self._out_since: float | None = None

    def joined(self, consumer: AIOKafkaConsumer, ends: Ends) -> None:
        """Note that this consumer is a member of its group, and who tells how far it has to go."""
        self._consumer, self._ends = consumer, ends
        self.moved()

    def left(self) -> None:
        """Note that there is no consumer any more."""
        self._consumer = self._ends = None

    def moved(self) -> None:
        """Note that something was done with for good."""
        self._behind_since = None
        metrics.CONSUMER_PROGRESS.set_to_current_time()

    @contextmanager
    def batch(self, records: Sequence[ConsumerRecord]) -> Iterator[None]:
        """Note that these messages are being handled within the block."""
        metrics.BATCH_EVENTS.observe(len(records))
        self._under_way = len(records)
        try:
            yield
            self.moved()
        finally:
            self._under_way = 0

    async def lag(self) -> int:
        """Return how many messages of this instance's partitions are not yet handled.

        Raises:
            KafkaError: Kafka is away.
        """
        if self._consumer is None or self._ends is None:
            return 0
        ends = await self._ends.of(self._consumer.assignment())
        # What is under way counts as read: the consumer's position is behind it already.
        unread = [max(0, end - await self._consumer.position(at)) for at, end in ends.items()]
        return int(sum(unread)) + self._under_way

    async def problem(self) -> str | None:
        """Say why the consumer does not do its work, if so.

        Raises:
            KafkaError: Kafka is away.
        """
        now = time.monotonic()
        if self._consumer is None:
            return "not in its consumer group"
        if self._out_since and now - self._out_since > self.patience_seconds:
            return f"out of its consumer group for {now - self._out_since:.0f} s"
        if self._out_since:
            return None
        behind = await self.lag()
        if not behind:
            self._behind_since = None
        elif self._behind_since is None:
            self._behind_since = now
        elif now - self._behind_since > self.patience_seconds:
            return f"{behind} behind, none handled for {now - self._behind_since:.0f} s"
        return None

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Note that the group shares its partitions anew."""
        del revoked
        self._out_since = time.monotonic()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Note that this instance has its share."""
        del assigned
        self._out_since = None
