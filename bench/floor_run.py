"""Running bench/floor.py: its tables, its topics, its three processes."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from bench import floor
from bench.load import Rate, address, offer
from bench.smtp_sink import Sink
from devstack.infrastructure import Infrastructure

_LOOPS = ("issue", "mail", "alert")
_PARTITIONS = 8
_WARM_UP = 200


async def measure(infrastructure: Infrastructure, sink: Sink, count: int, message: str) -> Rate:
    """Return how fast the floor takes `count` invitations; the message has @@TO@@, @@TOKEN@@."""
    servers = infrastructure.kafka.bootstrap_servers
    await _prepare(infrastructure)
    async with _loops(infrastructure, sink, message):
        await offer(servers, floor.REQUESTS, "floor-warm", _requests("floor-warm", _WARM_UP), sink)
        return await offer(servers, floor.REQUESTS, "floor", _requests("floor", count), sink)


def _requests(run: str, count: int) -> list[tuple[str, bytes]]:
    keys = [f"bench/{run}-{number}/patient" for number in range(count)]
    return [
        (key, json.dumps({"id": str(uuid4()), "email": address(run, n), "key": key}).encode())
        for n, key in enumerate(keys)
    ]


async def _prepare(infrastructure: Infrastructure) -> None:
    infrastructure.postgres.create_missing(["floor"])
    connection = await asyncpg.connect(_dsn(infrastructure))
    await connection.execute(floor.TABLES)
    await connection.close()
    admin = AIOKafkaAdminClient(bootstrap_servers=infrastructure.kafka.bootstrap_servers)
    await admin.start()
    topics = (floor.REQUESTS, floor.ISSUED, floor.SENT)
    await admin.create_topics([NewTopic(topic, _PARTITIONS, 1) for topic in topics])
    await admin.close()


def _dsn(infrastructure: Infrastructure) -> str:
    return infrastructure.postgres.url("floor").replace("postgresql+asyncpg", "postgresql")


@asynccontextmanager
async def _loops(infrastructure: Infrastructure, sink: Sink, message: str) -> AsyncIterator[None]:
    environment = os.environ | {
        "FLOOR_KAFKA": infrastructure.kafka.bootstrap_servers,
        "FLOOR_DATABASE": _dsn(infrastructure),
        "FLOOR_SMTP_PORT": str(sink.port),
        "FLOOR_MESSAGE": message,
    }
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.floor", loop, env=environment, stderr=subprocess.DEVNULL
        )
        for loop in _LOOPS
    ]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            await process.wait()
