"""A service's own database: one transaction holds the inbox, the handler's work and the outbox."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from sqlalchemy import CursorResult, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis import outbox
from chassis.traces import Traces
from contracts.envelope import CloudEvent, utc_now

# PostgreSQL Appendix A: cardinality, data and integrity errors speak of what an event holds. Others
# speak of the server, its schema or our rights: the same work succeeds once that is well.
_FAULTS_OF_THE_DATA = frozenset({"21", "22", "23"})


_parsed = cache(text)
"""Statements are constants of the code: each is parsed once."""


class Transaction:
    """One unit of work: its connection, its time, and the events to publish when it commits."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self.connection = connection
        self.now = now
        self.pending: list[outbox.Message] = []
        self.traces = Traces()
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
            event = event.model_copy(update={"traceparent": self.traces.of(event.subject)})
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

    async def problem(self, needed_revision: str | None) -> str | None:
        """Say why work cannot be done: another schema than the code's, or no right to write."""
        async with self.engine.connect() as connection:
            if await connection.scalar(text("SHOW transaction_read_only")) == "on":
                return "read-only"
            found = await _revision(connection)
        ready = found == needed_revision
        return None if ready else f"migrated to {found}, needed is {needed_revision}"

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


async def _revision(connection: AsyncConnection) -> str | None:
    there = await connection.scalar(text("SELECT to_regclass('alembic_version')"))
    if there is None:
        return None
    revision = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if revision is None else str(revision)


def is_transient(error: BaseException) -> bool:
    """Tell whether the database is to blame, so that the same work is worth another try."""
    if isinstance(error, DBAPIError):
        sqlstate = getattr(error.orig, "sqlstate", None)
        if sqlstate is None:
            # asyncpg refuses a value that does not fit its column before it asks the server.
            refused = error.orig is not None and isinstance(error.orig.__cause__, ValueError)
            return not refused
        return str(sqlstate)[:2] not in _FAULTS_OF_THE_DATA
    return isinstance(error, OSError | TimeoutError | PoolTimeoutError)
