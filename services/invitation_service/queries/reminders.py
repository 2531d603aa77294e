"""SQL on invitations that wait for long."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from chassis.database import Transaction

LEAST_LEFT = timedelta(days=1)
"""Nobody is reminded of what they may not manage to open in time any more."""


async def lock_due(tx: Transaction, limit: int) -> Sequence[Row[Any]]:
    """Lock open invitations of whom nobody was reminded yet; return them with what the mail needs.

    They are as old as their organisation wants, which is not paused, enough is left of their
    life, and their links are not locked.
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
        latest=tx.now + LEAST_LEFT,
        limit=limit,
    )
    return due.all()


async def due_at(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Return when these invitations are reminded of, by the rules of `lock_due`.

    Left out are those of which nobody will be reminded as things are now: while an organisation
    is paused, no time can be told.
    """
    found = await tx.run(
        """
        SELECT i.id, due.at FROM invitations i
        JOIN organizations o ON o.id = i.organization_id
        CROSS JOIN LATERAL (
            SELECT i.aged_from + o.reminder_days * interval '1 day' AS at
        ) AS due
        WHERE i.id = ANY(:ids) AND i.state = 'open' AND i.reminder_token_hash IS NULL
            AND i.locked_at IS NULL AND o.reminder_days IS NOT NULL AND o.paused_at IS NULL
            AND i.expires_at > greatest(due.at, CAST(:now AS timestamptz))
                + CAST(:least_left AS interval)
        """,
        ids=list(ids),
        now=tx.now,
        least_left=LEAST_LEFT,
    )
    return {row.id: row.at for row in found}


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
