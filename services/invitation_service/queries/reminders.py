"""SQL on invitations that wait for long."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from chassis.database import Transaction


async def lock_due(tx: Transaction, least_left: timedelta, limit: int) -> Sequence[Row[Any]]:
    """Lock open invitations of whom nobody was reminded yet; return them with what the mail needs.

    They are as old as their organisation wants, which is not paused, as much is left of their
    life as is given, and their links are not locked.
    """
    due = await tx.run(
        """
        SELECT i.*, p.location, p.language FROM organizations o
        CROSS JOIN LATERAL (
            SELECT * FROM invitations
            WHERE organization_id = o.id AND state = 'open' AND reminder_token_hash IS NULL
                AND locked_at IS NULL
                AND aged_from <= CAST(:now AS timestamptz) - o.reminder_days * interval '1 day'
                AND expires_at > :latest
            ORDER BY aged_from LIMIT :limit FOR UPDATE SKIP LOCKED
        ) AS i
        LEFT JOIN people p ON p.organization_id = i.organization_id
            AND p.chart_id = i.chart_id AND p.id = i.person_id
        WHERE o.reminder_days IS NOT NULL AND o.paused_at IS NULL
        LIMIT :limit
        """,
        now=tx.now,
        latest=tx.now + least_left,
        limit=limit,
    )
    return due.all()


async def keep_tokens(tx: Transaction, hashes: Mapping[UUID, bytes]) -> None:
    """Let each of these invitations have a second link."""
    await tx.run(
        """
        UPDATE invitations SET reminder_token_hash = new.hash
        FROM unnest(CAST(:ids AS uuid[]), CAST(:hashes AS bytea[])) AS new (id, hash)
        WHERE invitations.id = new.id
        """,
        ids=list(hashes.keys()),
        hashes=list(hashes.values()),
    )
