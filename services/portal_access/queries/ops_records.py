"""SQL on what the ops console is told of a person's access."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from chassis.database import Transaction
from chassis.records import Record
from contracts.envelope import Invitee
from services.portal_access.models import Happened


async def of(tx: Transaction, invitee: Invitee, ids: Sequence[UUID]) -> list[Record]:
    """Return the connections of accounts to a chart as this person, and those that have ended."""
    connected = await tx.run(
        """
        SELECT c.role, c.invitation_id, c.granted_at, a.is_active, a.last_sign_in_at
        FROM connections c JOIN accounts a ON a.id = c.account_id
        WHERE c.organization_id = :organization AND c.chart_id = :chart AND c.person_id = :person
        ORDER BY c.granted_at
        """,
        **invitee.model_dump(),
    )
    # By the invitations, for the history of accounts has no index of charts.
    ended = await tx.run(
        """
        SELECT role, invitation_id, at, reason FROM account_events
        WHERE invitation_id = ANY(:ids) AND what = :disconnected
            AND organization_id = :organization AND chart_id = :chart AND person_id = :person
        ORDER BY id
        """,
        ids=ids,
        disconnected=Happened.DISCONNECTED,
        **invitee.model_dump(),
    )
    return [*map(_connected, connected), *map(_ended, ended)]


def _connected(row: Row[Any]) -> Record:
    return Record(
        what=f"Access as {row.role}",
        invitation_id=row.invitation_id,
        state="active" if row.is_active else "suspended",
        at=row.granted_at,
        detail=f"signed in last {row.last_sign_in_at:%Y-%m-%d %H:%M}"
        if row.last_sign_in_at
        else "never signed in since",
    )


def _ended(row: Row[Any]) -> Record:
    return Record(
        what=f"Access as {row.role}",
        invitation_id=row.invitation_id,
        state="ended",
        at=row.at,
        detail=row.reason or "",
    )
