"""SQL on challenges for passkeys."""

from datetime import datetime

from chassis.database import Transaction
from services.portal_access.models import Ceremony, Purpose


async def begin(tx: Transaction, new: Ceremony) -> None:
    """Keep a challenge until it is answered."""
    await tx.run(
        """
        INSERT INTO ceremonies (name_hash, purpose, challenge, expires_at)
        VALUES (:name_hash, :purpose, :challenge, :expires_at)
        """,
        **new.model_dump(),
    )


async def take(tx: Transaction, name_hash: bytes, purpose: Purpose) -> bytes | None:
    """Return a challenge, for the one time that it can be answered."""
    taken = await tx.run(
        """
        DELETE FROM ceremonies
        WHERE name_hash = :name_hash AND purpose = :purpose AND expires_at > :now
        RETURNING challenge
        """,
        name_hash=name_hash,
        purpose=purpose,
        now=tx.now,
    )
    challenge: bytes | None = taken.scalar_one_or_none()
    return challenge


async def forget_before(tx: Transaction, before: datetime) -> None:
    """Drop challenges that nobody answered in time."""
    await tx.run("DELETE FROM ceremonies WHERE expires_at <= :before", before=before)
