"""A service's own database: one transaction holds the inbox, the handler's work and the outbox."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from sqlalchemy import CursorResult, text
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis import outbox, telemetry
from contracts.envelope import CloudEvent, utc_now

# PostgreSQL Appendix A: connection, rollback, resources, intervention, system and I/O classes,
# and a lock that was not to be had: the same work succeeds when the server is well again.
_TRANSIENT_CLASSES = frozenset({"08", "40", "53", "55", "57", "58"})


_parsed = cache(text)
"""Statements are constants of the code: each is parsed once."""


class Transaction:
    """One unit of work: its connection, its time, and the events to publish when it commits."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self.connection = connection
        self.now = now
        self.pending: list[outbox.Message] = []
        self.after_commit: set[Callable[[], None]] = set()
        """What to call once the work is safe, for instance to wake who waits for it."""

    @cached_property
    def session(self) -> AsyncSession:
        """The ORM's view of the connection, for where rows are handled one at a time."""
        return AsyncSession(self.connection, expire_on_commit=False)

    async def flush(self) -> None:
        """Write what waits in the session and in the outbox."""
        if "session" in self.__dict__:
            await self.session.flush()
        await outbox.add(self.connection, self.pending)

    async def run(self, statement: str, **values: object) -> CursorResult[Any]:
        """Run one SQL statement with its `:named` values; lists go in as arrays."""
        return await self.connection.execute(_parsed(statement), values)

    def publish(self, event: CloudEvent) -> None:
        """Publish an event with the commit, and only with it.

        Raises:
            EventTooLargeError: the event would not fit into Kafka; nothing is published then.
        """
        if event.traceparent is None:
            event = event.model_copy(update={"traceparent": telemetry.current_traceparent()})
        self.pending.append(outbox.message_of(event))


class Database:
    """The engine of one service's database, and the wake-up call for its outbox relay."""

    def __init__(self, url: str, pool_size: int = 20) -> None:
        self.engine = create_async_engine(
            url, pool_size=pool_size, pool_pre_ping=False, hide_parameters=True
        )
        self.outbox_filled = asyncio.Event()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Open a transaction that commits at the end of the block, with its events in the outbox.

        Raises:
            SQLAlchemyError: the commit, or a statement of the block, failed; all is rolled back.
        """
        async with self.engine.begin() as connection:
            tx = Transaction(connection, utc_now())
            yield tx
            await tx.flush()
        if tx.pending:
            self.outbox_filled.set()
        for call in tx.after_commit:
            call()

    async def migrated_to(self) -> str | None:
        """Return the database's Alembic revision, None when no migration ever ran."""
        async with self.engine.connect() as connection:
            there = await connection.scalar(text("SELECT to_regclass('alembic_version')"))
            if there is None:
                return None
            revision = await connection.scalar(text("SELECT version_num FROM alembic_version"))
            return None if revision is None else str(revision)

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def is_transient(error: BaseException) -> bool:
    """Tell whether the database was away or busy, so that the same work is worth another try."""
    if isinstance(error, DBAPIError):
        sqlstate = getattr(error.orig, "sqlstate", None)
        if sqlstate is None:
            return error.connection_invalidated or isinstance(error, InterfaceError)
        return str(sqlstate)[:2] in _TRANSIENT_CLASSES
    return isinstance(error, OSError | TimeoutError)
