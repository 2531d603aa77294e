"""SQL on the second step of signing in: who has to take it, and who is about to."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlmodel import select

from chassis.database import Transaction
from services.portal_access.models import SecondStep


class Methods(NamedTuple):
    """What an account has besides its password."""

    app: bool
    passkeys: int
    codes: int
    """Recovery codes that were not used."""

    @property
    def needed(self) -> bool:
        """Whether a password alone lets nobody in."""
        return self.app or self.passkeys > 0


async def methods(tx: Transaction, account_id: UUID) -> Methods:
    """Return what an account has besides its password."""
    found = await tx.run(
        """
        SELECT
            EXISTS (
                SELECT FROM authenticators
                WHERE account_id = :account_id AND confirmed_at IS NOT NULL
            ) AS app,
            (SELECT count(*) FROM passkeys WHERE account_id = :account_id) AS passkeys,
            (SELECT count(*) FROM recovery_codes WHERE account_id = :account_id) AS codes
        """,
        account_id=account_id,
    )
    row = found.one()
    return Methods(app=row.app, passkeys=row.passkeys, codes=row.codes)


async def begin(tx: Transaction, new: SecondStep) -> None:
    """Keep who has the right password until the second step is taken."""
    await tx.run(
        """
        INSERT INTO second_steps (name_hash, account_id, invitation_id, expires_at)
        VALUES (:name_hash, :account_id, :invitation_id, :expires_at)
        """,
        **new.model_dump(),
    )


async def one(tx: Transaction, name_hash: bytes) -> SecondStep | None:
    """Return who is about to take the second step, while there is time."""
    wanted = select(SecondStep).where(
        SecondStep.name_hash == name_hash, SecondStep.expires_at > tx.now
    )
    return (await tx.session.exec(wanted)).one_or_none()


async def end(tx: Transaction, name_hash: bytes) -> bool:
    """End a second step, as it is taken; tell whether it was there still."""
    ended = await tx.run(
        "DELETE FROM second_steps WHERE name_hash = :name_hash RETURNING 1", name_hash=name_hash
    )
    return ended.first() is not None


async def end_all(tx: Transaction, account_id: UUID) -> None:
    """End what began with a password that is not good any more."""
    await tx.run("DELETE FROM second_steps WHERE account_id = :account_id", account_id=account_id)


async def forget_before(tx: Transaction, before: datetime) -> None:
    """Drop second steps that nobody took in time."""
    await tx.run("DELETE FROM second_steps WHERE expires_at <= :before", before=before)
