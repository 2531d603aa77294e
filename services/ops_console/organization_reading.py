"""Counting organisations' events from the topics themselves, on demand."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

from aiokafka import ConsumerRecord, TopicPartition

from contracts.envelope import utc_now
from contracts.topics import TOPICS
from services.ops_console.organization_counts import Busiest, Tally, belongs_to
from services.ops_console.topic_bounds import Bounds, bounds_of, offsets_at, partitions_of
from services.ops_console.topic_reading import read

MOST_RECORDS = 100_000
"""More are not read for one page: the newest count."""

_AT_A_TIME = 200
"""After so many records others have their turn."""

_TOPICS = [topic for topic in TOPICS if topic.publisher != "ops_console"]
"""What ops people do is about no organisation."""


async def tally(servers: str, organization: str, period: timedelta) -> tuple[Tally, bool]:
    """Return what is counted of an organisation, and whether older events were left out.

    Raises:
        KafkaError: Kafka is away.
    """
    found, wanted = Tally(), organization.encode()
    starts, is_cut = await _starts(servers, [topic.name for topic in _TOPICS], period)
    async for record in _in_turns(servers, starts):
        if belongs_to(wanted, record.key):
            found.add(record.value or b"")
    letters, is_cut_too = await _starts(servers, [topic.dead_letters for topic in _TOPICS], period)
    async for record in _in_turns(servers, letters):
        is_letter = any(name == "reason" for name, _ in record.headers)
        found.dead_letters += belongs_to(wanted, record.key) and is_letter
    return found, is_cut or is_cut_too


async def busiest(servers: str, period: timedelta) -> tuple[Busiest, bool]:
    """Return how busy all organisations were, and whether older events were left out.

    Raises:
        KafkaError: Kafka is away.
    """
    found = Busiest()
    starts, is_cut = await _starts(servers, [topic.name for topic in _TOPICS], period)
    async for record in _in_turns(servers, starts):
        found.add(record.key or b"", record.value or b"")
    return found, is_cut


async def _starts(
    servers: str, topics: list[str], period: timedelta
) -> tuple[dict[TopicPartition, int], bool]:
    bounds = await bounds_of(servers, (at for name in topics for at in partitions_of(name)))
    starts = await offsets_at(servers, bounds, utc_now() - period)
    return newest(bounds, starts)


def newest(
    bounds: Mapping[TopicPartition, Bounds], starts: Mapping[TopicPartition, int]
) -> tuple[dict[TopicPartition, int], bool]:
    """Return from where to read so that it is not too much, and whether that is later."""
    number = sum(bounds[at].end - start for at, start in starts.items())
    if number <= MOST_RECORDS:
        return dict(starts), False
    share = MOST_RECORDS / number
    cut = {
        at: bounds[at].end - int((bounds[at].end - start) * share) for at, start in starts.items()
    }
    return cut, True


async def _in_turns(
    servers: str, starts: Mapping[TopicPartition, int]
) -> AsyncIterator[ConsumerRecord]:
    number = 0
    async for record in read(servers, starts):
        yield record
        number += 1
        if number % _AT_A_TIME == 0:
            await asyncio.sleep(0)
