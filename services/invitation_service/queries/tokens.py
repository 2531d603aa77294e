"""SQL by a link's token: the invitation's own, or its reminder's."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from chassis.database import Transaction


async def find(tx: Transaction, token_hash: bytes) -> Row[Any] | None:
    """Return the invitation of this token whatever its state, and since when it is paused."""
    found = await tx.run(
        """
        SELECT i.*, o.paused_at FROM invitations i
        LEFT JOIN organizations o ON o.id = i.organization_id
        WHERE i.token_hash = :token_hash OR i.reminder_token_hash = :token_hash
        """,
        token_hash=token_hash,
    )
    return found.one_or_none()


async def note_opening(tx: Transaction, invitation_id: UUID) -> bool:
    """Remember that an open invitation's link was opened; tell whether this was the first time."""
    noted = await tx.run(
        """
        UPDATE invitations SET opened_at = :now
        WHERE id = :id AND state = 'open' AND opened_at IS NULL
        """,
        id=invitation_id,
        now=tx.now,
    )
    return noted.rowcount == 1


async def redeem(
    tx: Transaction, token_hash: bytes, redemption_id: UUID, account_id: UUID
) -> Row[Any] | None:
    """Accept the open invitation of this token, once; return it, None when it is not open.

    While its organisation is paused it is not accepted either.
    """
    accepted = await tx.run(
        """
        UPDATE invitations SET state = 'accepted', ended_at = :now,
            redemption_id = :redemption_id, account_id = :account_id
        WHERE (token_hash = :token_hash OR reminder_token_hash = :token_hash)
            AND state = 'open' AND expires_at > :now
            AND NOT EXISTS (SELECT FROM organizations o
                WHERE o.id = organization_id AND o.paused_at IS NOT NULL)
        RETURNING *
        """,
        token_hash=token_hash,
        redemption_id=redemption_id,
        account_id=account_id,
        now=tx.now,
    )
    return accepted.one_or_none()
