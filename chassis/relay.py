"""The relay: takes what transactions left in the outbox to Kafka, in order per key.

Several instances of a service share the work: a shard is locked while its rows are on their way.
Rows are deleted only after Kafka has them on all in-sync replicas, so a relay that dies in between
sends them again: at least once, never lost. The consumers' inbox makes it effectively once.
"""

import asyncio
from contextlib import suppress
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import metrics
from chassis.broker import Broker
from chassis.database import Database
from chassis.outbox import SHARDS

_BREATH_SECONDS = 0.02
_LOCK_CLASS = 0x0B0C

_LOCK_SHARDS = text("""
    SELECT shard FROM generate_series(0, :last) AS shard
    WHERE pg_try_advisory_xact_lock(:class, shard)
""")
_NEXT = text("""
    SELECT id, topic, key, payload FROM outbox WHERE shard = ANY(:shards) ORDER BY id LIMIT :limit
""")
_DELETE = text("DELETE FROM outbox WHERE id = ANY(:ids)")


class Relay:
    """Publishes a service's outbox."""

    def __init__(
        self, database: Database, broker: Broker, batch_size: int, poll_seconds: float
    ) -> None:
        self._database = database
        self._broker = broker
        self._batch_size = batch_size
        self._poll_seconds = poll_seconds

    async def run(self) -> None:
        """Publish for ever; woken by commits, and by the clock for what others left.

        Raises:
            KafkaError, SQLAlchemyError: one of the two is away; all is still in the outbox.
        """
        while True:
            self._database.outbox_filled.clear()
            published = await self.publish_batch()
            if published < self._batch_size:
                # Under load, commits come by the hundred a second: a breath gathers them.
                await asyncio.sleep(_BREATH_SECONDS if published else 0)
                await self._wait()

    async def publish_batch(self) -> int:
        """Publish the next rows of all shards that no other relay holds; return how many."""
        async with self._database.engine.begin() as connection:
            rows = await self._next_rows(connection)
            if rows:
                await self._broker.send_all([(row.topic, row.key, row.payload) for row in rows])
                await connection.execute(_DELETE, {"ids": [row.id for row in rows]})
        metrics.PUBLISHED.inc(len(rows))
        return len(rows)

    async def _next_rows(self, connection: AsyncConnection) -> list[Row[Any]]:
        # Two statements: the second must see what another relay deleted before it gave up its lock.
        locked = await connection.execute(_LOCK_SHARDS, {"last": SHARDS - 1, "class": _LOCK_CLASS})
        shards = list(locked.scalars())
        found = await connection.execute(_NEXT, {"shards": shards, "limit": self._batch_size})
        return list(found.all())

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._poll_seconds):
                await self._database.outbox_filled.wait()
