"""The inbox: an event that a service has handled once is never handled again."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from chassis.database import Database, Transaction

KEPT_FOR = timedelta(days=45)
"""Longer than any topic keeps its events, so that no replay can come later than its memory."""

DDL = """
CREATE TABLE inbox (
    event_id uuid PRIMARY KEY,
    received_at timestamptz NOT NULL
)
"""
INDEX_DDL = "CREATE INDEX inbox_received_at ON inbox USING brin (received_at)"

_CLAIM = text("""
    INSERT INTO inbox (event_id, received_at)
    SELECT event_id, :now FROM unnest(CAST(:ids AS uuid[])) AS event_id
    ON CONFLICT DO NOTHING RETURNING event_id
""")
_FORGET = text("DELETE FROM inbox WHERE received_at < :before")


async def claim(tx: Transaction, ids: Sequence[UUID]) -> set[UUID]:
    """Remember these event ids and return those that are new; it commits with the handler."""
    claimed = await tx.connection.execute(_CLAIM, {"ids": ids, "now": tx.now})
    return set(claimed.scalars())


async def forget_old(database: Database) -> None:
    """Drop what is older than KEPT_FOR."""
    async with database.transaction() as tx:
        await tx.connection.execute(_FORGET, {"before": tx.now - KEPT_FOR})
