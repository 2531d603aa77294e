"""SQL on authenticator apps."""

from uuid import UUID

from chassis.database import Transaction
from services.portal_access.models import Authenticator


async def of(tx: Transaction, account_id: UUID) -> Authenticator | None:
    """Return an account's app, be it confirmed or not."""
    return await tx.session.get(Authenticator, account_id)


async def propose(tx: Transaction, account_id: UUID, sealed_secret: str) -> None:
    """Keep a secret until the app's first code; one that is confirmed stays as it is."""
    await tx.run(
        """
        INSERT INTO authenticators (account_id, sealed_secret, last_step)
        VALUES (:account_id, :sealed_secret, 0)
        ON CONFLICT (account_id) DO UPDATE SET sealed_secret = excluded.sealed_secret
            WHERE authenticators.confirmed_at IS NULL
        """,
        account_id=account_id,
        sealed_secret=sealed_secret,
    )


async def confirm(tx: Transaction, account_id: UUID, step: int) -> bool:
    """Let an app count from now on; False when it does already, or is gone."""
    confirmed = await tx.run(
        """
        UPDATE authenticators SET confirmed_at = :now, last_step = :step
        WHERE account_id = :account_id AND confirmed_at IS NULL
        RETURNING 1
        """,
        account_id=account_id,
        step=step,
        now=tx.now,
    )
    return confirmed.first() is not None


async def use(tx: Transaction, account_id: UUID, step: int) -> bool:
    """Use a time step's code up; False when it, or a newer one, was used before."""
    used = await tx.run(
        """
        UPDATE authenticators SET last_step = :step
        WHERE account_id = :account_id AND confirmed_at IS NOT NULL AND last_step < :step
        RETURNING 1
        """,
        account_id=account_id,
        step=step,
    )
    return used.first() is not None


async def remove(tx: Transaction, account_id: UUID) -> bool:
    """Drop an account's app; tell whether one counted."""
    removed = await tx.run(
        "DELETE FROM authenticators WHERE account_id = :account_id RETURNING confirmed_at",
        account_id=account_id,
    )
    row = removed.first()
    return row is not None and row.confirmed_at is not None
