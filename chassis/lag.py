"""How far a consumer group has come: whether it has read all that a topic had at some moment."""

import asyncio
from collections.abc import Mapping, Sequence

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from chassis.ends import Ends
from contracts.topics import Topic

_POLL_SECONDS = 0.2


async def caught_up(
    bootstrap_servers: str, group: str, topics: Sequence[Topic], limit_seconds: float
) -> bool:
    """Wait until a group has handled all that these topics hold now; False when the limit passes.

    A service commits an offset only once the events before it are handled.

    Raises:
        KafkaError: Kafka is away.
    """
    partitions = [TopicPartition(t.name, p) for t in topics for p in range(t.partitions)]
    async with Ends(bootstrap_servers) as asked:
        ends = await asked.of(partitions)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        async with asyncio.timeout(limit_seconds):
            await admin.start()
            while await _is_behind(admin, group, ends):  # noqa: ASYNC110 - Kafka tells nobody
                await asyncio.sleep(_POLL_SECONDS)
    except TimeoutError:
        return False
    finally:
        await admin.close()
    return True


async def _is_behind(
    admin: AIOKafkaAdminClient, group: str, ends: Mapping[TopicPartition, int]
) -> bool:
    done = await admin.list_consumer_group_offsets(group, partitions=list(ends))
    # Kafka says -1 where nothing was committed yet: no way was made, unless there is none to make.
    return any(max(done[at].offset, 0) < end for at, end in ends.items())
