"""What is read of Kafka at a time is of one moment, from the first reading on."""

import asyncio

from services.ops_console.collector import GROUPS
from services.ops_console.offsets import OffsetReader
from tests.infrastructure import Servers


async def test_the_first_reading_is_as_quick_as_the_next(servers: Servers) -> None:
    # Events that came in between its parts would count as handled, and not as come in.
    async with OffsetReader(servers.kafka) as reader, asyncio.timeout(1):
        first = await reader.read(GROUPS)
    assert first.ends.keys() > first.firsts.keys()
