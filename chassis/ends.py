"""Where partitions end now, asked for on a connection of its own.

On a consumer's own connection the question would wait behind a fetch, which Kafka answers when
there is something new, or after half a second.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition


@asynccontextmanager
async def connected(bootstrap_servers: str) -> AsyncIterator[AIOKafkaConsumer]:
    """Give a consumer that is a member of no group and sees what is committed alone.

    Raises:
        KafkaError: Kafka is away.
    """
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        isolation_level="read_committed",
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


async def ends_of(
    asker: AIOKafkaConsumer, partitions: Collection[TopicPartition]
) -> Mapping[TopicPartition, int]:
    """Return the offset after the last of each partition, asked for by who reads nothing itself.

    Raises:
        KafkaError: Kafka is away.
    """
    if not partitions:
        return {}
    if asker.assignment() != set(partitions):
        learn_leaders(asker, partitions)
    ends: Mapping[TopicPartition, int] = await asker.end_offsets(list(partitions))
    return ends


def learn_leaders(consumer: AIOKafkaConsumer, partitions: Collection[TopicPartition]) -> None:
    """Have Kafka asked now who leads these partitions; of others it is asked after a second."""
    consumer.assign(list(partitions))
    consumer.pause(*partitions)
