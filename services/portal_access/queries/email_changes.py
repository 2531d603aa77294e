"""SQL on addresses that wait to be verified."""

from datetime import datetime
from uuid import UUID

from chassis.database import Transaction
from services.portal_access.models import EmailChange


async def pending(tx: Transaction, account_id: UUID) -> EmailChange | None:
    """Return an account's address that is not verified yet, be it too late or not."""
    return await tx.session.get(EmailChange, account_id)


async def ask(tx: Transaction, new: EmailChange) -> None:
    """Store a change of address; an earlier one's token is dead with it."""
    await tx.run(
        """
        INSERT INTO email_changes (account_id, organization_id, email, email_key, token_hash,
            asked_by, asked_at, expires_at)
        VALUES (:account_id, :organization_id, :email, :email_key, :token_hash, :asked_by,
            :asked_at, :expires_at)
        ON CONFLICT (account_id) DO UPDATE SET email = excluded.email,
            email_key = excluded.email_key, token_hash = excluded.token_hash,
            asked_by = excluded.asked_by, asked_at = excluded.asked_at,
            expires_at = excluded.expires_at
        """,
        **new.model_dump(),
    )


async def take(tx: Transaction, token_hash: bytes) -> EmailChange | None:
    """Return the change that a token stands for, for the one time that it can be used."""
    taken = await tx.run(
        """
        DELETE FROM email_changes WHERE token_hash = :token_hash AND expires_at > :now RETURNING *
        """,
        token_hash=token_hash,
        now=tx.now,
    )
    row = taken.one_or_none()
    return EmailChange(**row._mapping) if row else None


async def forget_before(tx: Transaction, before: datetime) -> None:
    """Drop changes that nobody verified in time, and nobody asked for again."""
    await tx.run("DELETE FROM email_changes WHERE expires_at <= :before", before=before)
