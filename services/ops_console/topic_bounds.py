"""Which topics there are, and from where to where each of their partitions reaches."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from aiokafka import TopicPartition

from chassis.ends import learn_leaders
from contracts.topics import TOPICS
from services.ops_console.errors import EventsError
from services.ops_console.topic_reading import connected, require_topics

PARTITIONS = {
    **{topic.name: topic.partitions for topic in TOPICS},
    **{topic.dead_letters: 1 for topic in TOPICS},
}
"""Each topic's number of partitions, as chassis/topics.py makes them."""


class Bounds(NamedTuple):
    """A partition's first offset, and the one after its last."""

    first: int
    end: int


def partitions_of(topic: str) -> list[TopicPartition]:
    """Return a topic's partitions.

    Raises:
        EventsError: There is no such topic.
    """
    if topic not in PARTITIONS:
        sentence = f"There is no such topic. There are {', '.join(sorted(PARTITIONS))}."
        raise EventsError("topic", sentence)
    return [TopicPartition(topic, each) for each in range(PARTITIONS[topic])]


async def bounds_of(
    servers: str, partitions: Iterable[TopicPartition]
) -> dict[TopicPartition, Bounds]:
    """Return where these partitions begin and end now.

    Raises:
        KafkaError: Kafka is away, or has not made the topics.
    """
    wanted = list(partitions)
    async with connected(servers) as consumer:
        await require_topics(consumer, {at.topic for at in wanted})
        learn_leaders(consumer, wanted)
        firsts = await consumer.beginning_offsets(wanted)
        ends = await consumer.end_offsets(wanted)
    return {at: Bounds(firsts[at], ends[at]) for at in wanted}


async def offsets_at(
    servers: str, bounds: Mapping[TopicPartition, Bounds], moment: datetime
) -> dict[TopicPartition, int]:
    """Return each partition's first offset of this moment or later; its end when there is none.

    Raises:
        KafkaError: Kafka is away.
    """
    milliseconds = int(moment.timestamp() * 1000)
    async with connected(servers) as consumer:
        learn_leaders(consumer, bounds)
        found = await consumer.offsets_for_times(dict.fromkeys(bounds, milliseconds))
    return {at: found[at].offset if found.get(at) else ends.end for at, ends in bounds.items()}
