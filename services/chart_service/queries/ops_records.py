"""SQL on what the ops console is told of a person's alerts."""

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Transaction
from chassis.records import Record
from contracts.envelope import Invitee


async def of(tx: Transaction, invitee: Invitee, _ids: Sequence[UUID]) -> list[Record]:
    """Return the alerts of a person's invitations, and how the directory says that they stand."""
    alerts = await tx.run(
        """
        SELECT invitation_id, state, updated_at, dismissed_at IS NOT NULL AS is_dismissed
        FROM alerts
        WHERE organization_id = :organization AND chart_id = :chart AND person_id = :person
        ORDER BY updated_at
        """,
        **invitee.model_dump(),
    )
    entries = await tx.run(
        """
        SELECT status, reason, since FROM directory_entries
        WHERE organization_id = :organization AND chart_id = :chart AND person_id = :person
            AND status IS NOT NULL
        """,
        **invitee.model_dump(),
    )
    return [
        *(
            Record(
                what="Alert on the facesheet",
                invitation_id=row.invitation_id,
                state=row.state,
                at=row.updated_at,
                detail="dismissed" if row.is_dismissed else "",
            )
            for row in alerts
        ),
        *(
            Record(what="Directory", state=row.status, at=row.since, detail=row.reason or "")
            for row in entries
        ),
    ]
