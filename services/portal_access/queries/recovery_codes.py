"""SQL on recovery codes."""

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Transaction
from services.portal_access.models import RecoveryCode


async def replace(tx: Transaction, account_id: UUID, hashes: Sequence[str]) -> None:
    """Store new codes by their number; those before work no longer."""
    await remove(tx, account_id)
    await tx.run(
        """
        INSERT INTO recovery_codes (account_id, number, code_hash)
        SELECT :account_id, number - 1, code_hash
        FROM unnest(CAST(:hashes AS text[])) WITH ORDINALITY AS given (code_hash, number)
        """,
        account_id=account_id,
        hashes=list(hashes),
    )


async def one(tx: Transaction, account_id: UUID, number: int) -> RecoveryCode | None:
    """Return a code that was not used."""
    return await tx.session.get(RecoveryCode, (account_id, number))


async def use(tx: Transaction, code: RecoveryCode) -> bool:
    """Use a code up; False when it was used, or replaced, before."""
    used = await tx.run(
        """
        DELETE FROM recovery_codes
        WHERE account_id = :account_id AND number = :number AND code_hash = :code_hash
        RETURNING 1
        """,
        **code.model_dump(),
    )
    return used.first() is not None


async def remove(tx: Transaction, account_id: UUID) -> None:
    """Drop an account's codes."""
    await tx.run("DELETE FROM recovery_codes WHERE account_id = :account_id", account_id=account_id)
