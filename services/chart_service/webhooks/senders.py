"""The queue of webhooks: each endpoint with due deliveries is served by a task of its own.

A slow endpoint therefore holds up itself alone. Which instance serves an endpoint is decided by
PostgreSQL's advisory locks on one connection: when the instance dies, so does the connection, and
others take over at once. No transaction is open while an endpoint answers.
"""

import asyncio
from contextlib import suppress
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.database import Database
from services.chart_service import commands, queries
from services.chart_service.webhooks import rules
from services.chart_service.webhooks.sending import Poster

AT_ONCE = 4
"""How many deliveries one endpoint gets at a time."""
_POLL_SECONDS = 1.0
_LOCK = "8101, hashtext(CAST(:endpoint AS text))"
_CLAIM = text(f"SELECT pg_try_advisory_lock({_LOCK})")
_RELEASE = text(f"SELECT pg_advisory_unlock({_LOCK})")


class Claims:
    """Which endpoints this instance serves."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._one_at_a_time = asyncio.Lock()
        self.held: set[UUID] = set()

    async def take(self, endpoint_id: UUID) -> bool:
        """Claim an endpoint; False when another instance has it."""
        async with self._one_at_a_time:
            found = await self._connection.scalar(_CLAIM, {"endpoint": str(endpoint_id)})
        if found:
            self.held.add(endpoint_id)
        return bool(found)

    async def release(self, endpoint_id: UUID) -> None:
        """Let others have an endpoint."""
        self.held.discard(endpoint_id)
        async with self._one_at_a_time:
            await self._connection.execute(_RELEASE, {"endpoint": str(endpoint_id)})


class Senders:
    """Sends what is due; the bell says that something new may be."""

    def __init__(self, database: Database, bell: asyncio.Event, *, allow_private: bool) -> None:
        self._database = database
        self._bell = bell
        self._allow_private = allow_private

    async def run(self) -> None:
        """Send for ever.

        Raises:
            ExceptionGroup, SQLAlchemyError: the database is away.
        """
        async with self._database.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            try:
                await self._run_with(Claims(connection))
            finally:
                await connection.invalidate()  # its locks must not live on in the pool

    async def _run_with(self, claims: Claims) -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                self._bell.clear()
                async with self._database.transaction() as tx:
                    due = await queries.webhooks.due_endpoints(tx, claims.held)
                for endpoint_id in due:
                    if await claims.take(endpoint_id):
                        group.create_task(self._serve(endpoint_id, claims))
                with suppress(TimeoutError):
                    async with asyncio.timeout(_POLL_SECONDS):
                        await self._bell.wait()

    async def _serve(self, endpoint_id: UUID, claims: Claims) -> None:
        async with Poster(allow_private=self._allow_private) as poster:
            while await self._send_some(endpoint_id, poster):
                pass
        await claims.release(endpoint_id)

    async def _send_some(self, endpoint_id: UUID, poster: Poster) -> bool:
        """Send the next deliveries; tell whether it makes sense to go on at once."""
        async with self._database.transaction() as tx:
            endpoint = await queries.webhooks.endpoint_by_id(tx, endpoint_id)
            deliveries = await queries.webhooks.due(tx, endpoint_id, AT_ONCE)
        if endpoint is None or not deliveries:
            return False
        outcomes = await asyncio.gather(*(poster.send(endpoint, each) for each in deliveries))
        tried = list(zip(deliveries, outcomes, strict=True))
        async with self._database.transaction() as tx:
            await commands.deliveries.note(tx, endpoint, tried)
        return any(outcome.delivered for outcome in outcomes)


async def forget_old(database: Database) -> None:
    """Drop deliveries that nobody looks at any more."""
    async with database.transaction() as tx:
        await queries.webhooks.forget(tx, tx.now - rules.KEPT_FOR)
