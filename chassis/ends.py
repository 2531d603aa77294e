"""Where partitions end now, asked for on a connection of its own.

On a consumer's own connection the question would wait behind a fetch, which Kafka answers when
there is something new, or after half a second.
"""

from collections.abc import Collection, Mapping
from typing import Self

from aiokafka import AIOKafkaConsumer, TopicPartition


class Ends:
    """Asks Kafka; an async context manager."""

    def __init__(self, bootstrap_servers: str) -> None:
        self._asker = AIOKafkaConsumer(
            bootstrap_servers=bootstrap_servers,
            enable_auto_commit=False,
            isolation_level="read_committed",
        )

    async def __aenter__(self) -> Self:
        """Open the connection.

        Raises:
            KafkaError: Kafka is away.
        """
        try:
            await self._asker.start()
        except BaseException:
            await self._asker.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        await self._asker.stop()

    async def of(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """Return the offset after the last of each partition.

        Raises:
            KafkaError: Kafka is away.
        """
        if not partitions:
            return {}
        if self._asker.assignment() != set(partitions):
            learn_leaders(self._asker, partitions)
        ends: Mapping[TopicPartition, int] = await self._asker.end_offsets(list(partitions))
        return ends


def learn_leaders(consumer: AIOKafkaConsumer, partitions: Collection[TopicPartition]) -> None:
    """Have Kafka asked now who leads these partitions; of others it is asked after a second."""
    consumer.assign(list(partitions))
    consumer.pause(*partitions)
