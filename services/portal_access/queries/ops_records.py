"""SQL on what the ops console is told of a person's access."""

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Transaction
from chassis.web.records import Record
from contracts.envelope import Invitee


async def of(tx: Transaction, invitee: Invitee, _ids: Sequence[UUID]) -> list[Record]:
    """Return the connections of accounts to a chart as this person."""
    rows = await tx.run(
        """
        SELECT c.role, c.invitation_id, c.granted_at, a.is_active, a.last_sign_in_at
        FROM connections c JOIN accounts a ON a.id = c.account_id
        WHERE c.organization_id = :organization AND c.chart_id = :chart AND c.person_id = :person
        ORDER BY c.granted_at
        """,
        **invitee.model_dump(),
    )
    return [
        Record(
            what=f"Access as {row.role}",
            invitation_id=row.invitation_id,
            state="active" if row.is_active else "suspended",
            at=row.granted_at,
            detail=f"signed in last {row.last_sign_in_at:%Y-%m-%d %H:%M}"
            if row.last_sign_in_at
            else "never signed in since",
        )
        for row in rows
    ]
