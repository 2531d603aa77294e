"""SQL on tries to give a patient's date of birth; the dates themselves are kept nowhere here."""

from datetime import datetime
from uuid import UUID

from chassis.database import Transaction
from services.portal_access.models import BirthDateTries


async def count_try(tx: Transaction, invitation_id: UUID, most: int) -> int | None:
    """Count a try as wrong; return how many there were, None when there were the most before."""
    counted = await tx.run(
        """
        INSERT INTO birth_date_tries (invitation_id, tries, tried_at)
        VALUES (:invitation_id, 1, :now)
        ON CONFLICT (invitation_id) DO UPDATE SET
            tries = birth_date_tries.tries + 1, tried_at = excluded.tried_at
        WHERE birth_date_tries.tries < :most
        RETURNING tries
        """,
        invitation_id=invitation_id,
        now=tx.now,
        most=most,
    )
    number: int | None = counted.scalar_one_or_none()
    return number


async def forgive_try(tx: Transaction, invitation_id: UUID) -> None:
    """Take back the count of a try that was not wrong."""
    await tx.run(
        "UPDATE birth_date_tries SET tries = tries - 1 WHERE invitation_id = :invitation_id",
        invitation_id=invitation_id,
    )


async def lock(
    tx: Transaction, invitation_id: UUID, reason: str, tried_before: datetime | None = None
) -> bool:
    """Lock the links of an invitation; False if they are locked or were tried later than then."""
    locked = await tx.run(
        """
        UPDATE birth_date_tries SET lock_reason = :reason
        WHERE invitation_id = :invitation_id AND lock_reason IS NULL
            AND tried_at <= coalesce(CAST(:tried_before AS timestamptz), tried_at)
        RETURNING invitation_id
        """,
        invitation_id=invitation_id,
        reason=reason,
        tried_before=tried_before,
    )
    return locked.first() is not None


async def lock_reason(tx: Transaction, invitation_id: UUID) -> str | None:
    """Return why the links of an invitation are locked, None while they are not."""
    tries = await tx.session.get(BirthDateTries, invitation_id)
    return tries.lock_reason if tries else None


async def note_right(tx: Transaction, redemption_id: UUID) -> None:
    """Note that who goes through this acceptance gave the right date of birth."""
    await tx.run(
        "UPDATE acceptances SET birth_date_given = true WHERE redemption_id = :redemption_id",
        redemption_id=redemption_id,
    )
