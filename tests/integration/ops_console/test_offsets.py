"""What is read of Kafka at a time is of one moment, from the first reading on."""

import asyncio

from aiokafka.errors import GroupCoordinatorNotAvailableError

from services.ops_console.collector import GROUPS
from services.ops_console.offsets import OffsetReader
from tests.infrastructure import Servers
from tests.waiting import until


async def test_the_first_reading_is_as_quick_as_the_next(servers: Servers) -> None:
    async def is_told_of_groups() -> bool:
        try:
            async with OffsetReader(servers.kafka) as reader:
                await reader.read(GROUPS)
        except GroupCoordinatorNotAvailableError:
            return False  # a new Kafka makes the coordinators when the first is asked for
        return True

    await until(is_told_of_groups)
    # Events that came in between its parts would count as handled, and not as come in.
    async with OffsetReader(servers.kafka) as reader, asyncio.timeout(1):
        first = await reader.read(GROUPS)
    assert first.ends.keys() > first.firsts.keys()
