"""Reading topics from some place to their present end, as a member of no consumer group."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaTimeoutError, UnknownTopicOrPartitionError

_POLL_MS = 10_000


async def read(
    bootstrap_servers: str,
    starts: Mapping[TopicPartition, int],
    expect: Callable[[int], None] = lambda _total: None,
    until: Mapping[TopicPartition, int] | None = None,
) -> AsyncIterator[ConsumerRecord]:
    """Yield the records from these offsets on, in the order of each partition.

    Args:
        bootstrap_servers: Kafka's host:port, several separated by commas.
        starts: The first offset to read of each partition.
        expect: Told once how many records there are, at most.
        until: The first offset not to read of each partition; what has none is read to its end.

    Raises:
        KafkaError: Kafka is away, or does not have one of the topics.
    """
    if not starts:
        return
    async with connected(bootstrap_servers) as consumer:
        await require_topics(consumer, {at.topic for at in starts})
        ends = await _go_to_start(consumer, starts, until or {}, expect)
        while behind := [at for at, end in ends.items() if await consumer.position(at) < end]:
            for record in await _next(consumer, behind):
                if record.offset < ends[TopicPartition(record.topic, record.partition)]:
                    yield record


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


async def require_topics(consumer: AIOKafkaConsumer, wanted: set[str]) -> None:
    """Make sure that Kafka has these topics.

    Raises:
        UnknownTopicOrPartitionError: It has not.
    """
    if missing := wanted - await consumer.topics():
        raise UnknownTopicOrPartitionError(", ".join(sorted(missing)))


async def _go_to_start(
    consumer: AIOKafkaConsumer,
    starts: Mapping[TopicPartition, int],
    until: Mapping[TopicPartition, int],
    expect: Callable[[int], None],
) -> Mapping[TopicPartition, int]:
    """Return where reading each partition ends: its end of now, at most."""
    consumer.assign(list(starts))
    # What is past its retention is gone: Kafka's first offset may be later than ours.
    firsts = await consumer.beginning_offsets(list(starts))
    lasts: Mapping[TopicPartition, int] = await consumer.end_offsets(list(starts))
    ends = {at: min(last, until.get(at, last)) for at, last in lasts.items()}
    begin = {at: min(max(start, firsts[at]), lasts[at]) for at, start in starts.items()}
    for at, offset in begin.items():
        consumer.seek(at, offset)
    expect(sum(max(ends[at] - offset, 0) for at, offset in begin.items()))
    return ends


async def _next(consumer: AIOKafkaConsumer, behind: list[TopicPartition]) -> list[ConsumerRecord]:
    before = [await consumer.position(at) for at in behind]
    batches = await consumer.getmany(*behind, timeout_ms=_POLL_MS)
    if not batches and before == [await consumer.position(at) for at in behind]:
        raise KafkaTimeoutError(f"Kafka sent nothing for {_POLL_MS // 1000} s")
    return [record for batch in batches.values() for record in batch]
