"""SQL on links that did not work, and on asking for new invitations in their place."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from chassis.database import Transaction
from services.portal_access.models import RefusedLink


async def keep(tx: Transaction, new: RefusedLink) -> None:
    """Note that a visitor followed a link that does not work."""
    await tx.run(
        """
        INSERT INTO refused_links (visitor_hash, invitation_id, organization_id, chart_id,
            person_id, role, reason, created_at)
        VALUES (:visitor_hash, :invitation_id, :organization_id, :chart_id, :person_id, :role,
            :reason, :created_at)
        ON CONFLICT (visitor_hash, invitation_id) DO UPDATE SET
            reason = excluded.reason, created_at = excluded.created_at
        """,
        **new.model_dump(),
    )


async def keep_acceptance(tx: Transaction, redemption_id: UUID, reason: str) -> None:
    """Note that what a visitor began to accept cannot be accepted."""
    await tx.run(
        """
        INSERT INTO refused_links (visitor_hash, invitation_id, organization_id, chart_id,
            person_id, role, reason, created_at)
        SELECT visitor_hash, invitation_id, organization_id, chart_id, person_id, role, :reason,
            :now
        FROM acceptances WHERE redemption_id = :redemption_id
        ON CONFLICT (visitor_hash, invitation_id) DO UPDATE SET
            reason = excluded.reason, created_at = excluded.created_at
        """,
        redemption_id=redemption_id,
        reason=reason,
        now=tx.now,
    )


async def refused_link(
    tx: Transaction, visitor: bytes, invitation_id: UUID, refused_after: datetime
) -> RefusedLink | None:
    """Return a visitor's link of this invitation that did not work."""
    wanted = select(RefusedLink).where(
        RefusedLink.visitor_hash == visitor,
        RefusedLink.invitation_id == invitation_id,
        col(RefusedLink.created_at) > refused_after,
    )
    return (await tx.session.exec(wanted)).one_or_none()


async def note_asking(tx: Transaction, invitation_id: UUID, again_before: datetime) -> bool:
    """Note that a new invitation is asked for; False if it was asked for after `again_before`."""
    noted = await tx.run(
        """
        INSERT INTO new_invitation_asks (invitation_id, asked_at) VALUES (:invitation_id, :now)
        ON CONFLICT (invitation_id) DO UPDATE SET asked_at = excluded.asked_at
        WHERE new_invitation_asks.asked_at <= :again_before
        RETURNING invitation_id
        """,
        invitation_id=invitation_id,
        now=tx.now,
        again_before=again_before,
    )
    return noted.first() is not None
