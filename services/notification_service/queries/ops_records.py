"""SQL on what the ops console is told of a person's mails."""

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Transaction
from chassis.records import Record
from contracts.envelope import Invitee


async def of(tx: Transaction, invitee: Invitee, ids: Sequence[UUID]) -> list[Record]:
    """Return the mails of a person's invitations, the oldest first."""
    rows = await tx.run(
        """
        SELECT kind, invitation_id, state, attempts, next_try_at,
            coalesce(ended_at, issued_at) AS at
        FROM mails
        WHERE (id = ANY(:ids) OR (kind = 'reminder' AND invitation_id = ANY(:ids)))
            AND organization_id = :organization AND chart_id = :chart AND person_id = :person
        ORDER BY issued_at
        """,
        ids=ids,
        **invitee.model_dump(),
    )
    return [
        Record(
            what=f"Mail: {row.kind}",
            invitation_id=row.invitation_id,
            state=row.state,
            at=row.at,
            detail=_tries(row.attempts)
            + (f", the next at {row.next_try_at:%H:%M:%S}" if row.state == "queued" else ""),
        )
        for row in rows
    ]


def _tries(attempts: int) -> str:
    return "1 failed try" if attempts == 1 else f"{attempts} failed tries"
