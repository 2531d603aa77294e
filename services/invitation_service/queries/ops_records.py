"""SQL on what the ops console is told of a person's invitations."""

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Transaction
from chassis.records import Record
from contracts.envelope import Invitee
from services.invitation_service.queries.reminders import due_at


async def of(tx: Transaction, invitee: Invitee, ids: Sequence[UUID]) -> list[Record]:
    """Return each invitation as it stands, its reminder if one is due, and requests that wait."""
    found = await tx.run(
        """
        SELECT id, role, state, coalesce(ended_at, opened_at, issued_at) AS at, expires_at,
            reminder_token_hash IS NOT NULL AS is_reminded, locked_at IS NOT NULL AS is_locked
        FROM invitations
        WHERE id = ANY(:ids) AND organization_id = :organization AND chart_id = :chart
            AND person_id = :person
        ORDER BY issued_at
        """,
        ids=ids,
        **invitee.model_dump(),
    )
    invitations = found.all()
    reminders = await due_at(tx, [row.id for row in invitations])
    waiting = await tx.run(
        """
        SELECT event_id, decide_at FROM waiting_requests
        WHERE organization_id = :organization AND chart_id = :chart
            AND person_id = :person
        """,
        **invitee.model_dump(),
    )
    return [
        *(
            Record(
                what=f"Invitation as {row.role}",
                invitation_id=row.id,
                state=row.state,
                at=row.at,
                detail=f"expires {row.expires_at:%Y-%m-%d %H:%M}"
                + (", reminded" if row.is_reminded else "")
                + (", locked" if row.is_locked else ""),
            )
            for row in invitations
        ),
        *(
            Record(what="Reminder", invitation_id=id_, state="due", at=at)
            for id_, at in reminders.items()
        ),
        *(
            Record(
                what="Request",
                invitation_id=row.event_id,
                state="waiting for its chart",
                detail=f"decided {row.decide_at:%Y-%m-%d %H:%M:%S} at the latest",
            )
            for row in waiting
        ),
    ]
