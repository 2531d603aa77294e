"""The end of dead letters: those decided long ago are deleted, an open one never is.

Kafka deletes from the beginning of a partition alone, so an open dead letter keeps all that follows
it. Several consoles may sweep at once: each deletes what none needs, and what is gone stays gone.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import KafkaError

from chassis import telemetry
from contracts.envelope import utc_now
from contracts.topics import TOPICS, Topic
from services.ops_console.decided_prefix import DecidedPrefix
from services.ops_console.topic_bounds import Bounds, bounds_of, offsets_at, partitions_of
from services.ops_console.topic_reading import read

_log = telemetry.logger("sweeper")


async def run(servers: str, keep_days: int, seconds: float = 3600) -> None:
    """Sweep for ever, so often; while Kafka is away or refuses, say so once and try again."""
    is_away = False
    while True:
        try:
            await sweep(servers, utc_now() - timedelta(days=keep_days))
            is_away = False
        except (OSError, KafkaError) as error:
            if not is_away:
                _log.warning("decided dead letters cannot be deleted; tried again later", exc=error)
            is_away = True
        await asyncio.sleep(seconds)


async def sweep(servers: str, decided_before: datetime, topics: Iterable[Topic] = TOPICS) -> None:
    """Delete the beginning of each topic of dead letters in which all was decided before a time.

    Raises:
        KafkaError: Kafka is away, or does not let us; what was deleted before is deleted.
    """
    partitions = [at for topic in topics for at in partitions_of(topic.dead_letters)]
    bounds = await bounds_of(servers, partitions)
    # What was written since then decided nothing before then: it need not be read.
    ends = await offsets_at(servers, bounds, decided_before)
    for at, each in bounds.items():
        await _sweep(servers, at, Bounds(each.first, ends[at]), decided_before)


async def _sweep(
    servers: str, at: TopicPartition, bounds: Bounds, decided_before: datetime
) -> None:
    prefix = DecidedPrefix(decided_before)
    starts = {at: bounds.first} if bounds.first < bounds.end else {}
    async for record in read(servers, starts, until={at: bounds.end}):
        prefix.add(record)
    if prefix.end > bounds.first:
        await _delete(servers, at, prefix.end)
        records = prefix.end - bounds.first
        _log.info("decided dead letters deleted", topic=at.topic, records=records)


async def _delete(servers: str, at: TopicPartition, end: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    try:
        await admin.start()
        await admin.delete_records({at: RecordsToDelete(end)})
    finally:
        await admin.close()
