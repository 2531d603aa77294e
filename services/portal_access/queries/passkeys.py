"""SQL on passkeys."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from chassis.database import Transaction
from services.portal_access.models import Passkey


async def of(tx: Transaction, account_id: UUID) -> Sequence[Passkey]:
    """Return an account's passkeys, the oldest first."""
    wanted = (
        select(Passkey).where(Passkey.account_id == account_id).order_by(col(Passkey.created_at))
    )
    return (await tx.session.exec(wanted)).all()


async def lock(tx: Transaction, credential_id: bytes) -> Passkey | None:
    """Return a passkey that nobody else uses until the commit."""
    return await tx.session.get(Passkey, credential_id, with_for_update=True)


async def add(tx: Transaction, new: Passkey) -> bool:
    """Insert a passkey; False when there is one of its id."""
    added = await tx.run(
        """
        INSERT INTO passkeys (credential_id, account_id, name, public_key, sign_count, transports,
            created_at)
        VALUES (:credential_id, :account_id, :name, :public_key, :sign_count, :transports,
            :created_at)
        ON CONFLICT DO NOTHING RETURNING 1
        """,
        **new.model_dump(exclude={"last_used_at"}),
    )
    return added.first() is not None


async def used(tx: Transaction, credential_id: bytes, sign_count: int) -> None:
    """Note that a passkey was used, and how often its authenticator says it was."""
    await tx.run(
        """
        UPDATE passkeys SET sign_count = :sign_count, last_used_at = :now
        WHERE credential_id = :credential_id
        """,
        credential_id=credential_id,
        sign_count=sign_count,
        now=tx.now,
    )


async def remove(tx: Transaction, account_id: UUID, credential_id: bytes) -> bool:
    """Drop a passkey of an account; tell whether there was one."""
    removed = await tx.run(
        """
        DELETE FROM passkeys WHERE account_id = :account_id AND credential_id = :credential_id
        RETURNING 1
        """,
        account_id=account_id,
        credential_id=credential_id,
    )
    return removed.first() is not None


async def remove_all(tx: Transaction, account_id: UUID) -> None:
    """Drop all passkeys of an account."""
    await tx.run("DELETE FROM passkeys WHERE account_id = :account_id", account_id=account_id)
