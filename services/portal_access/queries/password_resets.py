"""SQL on links for a new password."""

from datetime import datetime
from uuid import UUID

from chassis.database import Transaction


async def ask(tx: Transaction, account_id: UUID, token_hash: bytes, expires_at: datetime) -> None:
    """Store a link's token; that of an earlier link is dead with it."""
    await tx.run(
        """
        INSERT INTO password_resets (account_id, token_hash, expires_at)
        VALUES (:account_id, :token_hash, :expires_at)
        ON CONFLICT (account_id) DO UPDATE
            SET token_hash = excluded.token_hash, expires_at = excluded.expires_at
        """,
        account_id=account_id,
        token_hash=token_hash,
        expires_at=expires_at,
    )


async def account_of(tx: Transaction, token_hash: bytes) -> UUID | None:
    """Return whose link a token is, while it can be used; it stays usable."""
    found = await tx.run(
        """
        SELECT account_id FROM password_resets
        WHERE token_hash = :token_hash AND expires_at > :now
        """,
        token_hash=token_hash,
        now=tx.now,
    )
    account_id: UUID | None = found.scalar_one_or_none()
    return account_id


async def take(tx: Transaction, token_hash: bytes) -> UUID | None:
    """Return whose link a token is, for the one time that it can be used."""
    taken = await tx.run(
        """
        DELETE FROM password_resets WHERE token_hash = :token_hash AND expires_at > :now
        RETURNING account_id
        """,
        token_hash=token_hash,
        now=tx.now,
    )
    account_id: UUID | None = taken.scalar_one_or_none()
    return account_id


async def forget(tx: Transaction, account_id: UUID) -> None:
    """Drop an account's link: it went to an address that is the account's no longer."""
    await tx.run(
        "DELETE FROM password_resets WHERE account_id = :account_id", account_id=account_id
    )


async def forget_old(tx: Transaction) -> None:
    """Drop links that nobody used in time."""
    await tx.run("DELETE FROM password_resets WHERE expires_at <= :now", now=tx.now)
