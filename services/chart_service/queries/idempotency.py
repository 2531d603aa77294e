"""SQL on requests that were answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from chassis.database import Transaction


async def lock(tx: Transaction, organization_id: str, caller: str, key: str) -> bool:
    """Let nobody else use a key until the commit; False when somebody does."""
    locked = await tx.run(
        "SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 1))",
        name="\n".join((organization_id, caller, key)),
    )
    return bool(locked.scalar_one())


async def kept(
    tx: Transaction, organization_id: str, caller: str, key: str, after: datetime
) -> Row[Any] | None:
    """Return the answer to a key that was used after a time."""
    found = await tx.run(
        """
        SELECT fingerprint, body FROM idempotency_keys
        WHERE organization_id = :organization_id AND caller = :caller AND key = :key
            AND created_at > :after
        """,
        organization_id=organization_id,
        caller=caller,
        key=key,
        after=after,
    )
    return found.one_or_none()


async def keep(tx: Transaction, **values: Any) -> None:
    """Keep an answer; what an older request left under the key is of no use any more."""
    await tx.run(
        """
        INSERT INTO idempotency_keys
            (organization_id, caller, key, fingerprint, body, created_at)
        VALUES (:organization_id, :caller, :key, :fingerprint, :body, :now)
        ON CONFLICT (organization_id, caller, key) DO UPDATE SET
            fingerprint = excluded.fingerprint, body = excluded.body,
            created_at = excluded.created_at
        """,
        now=tx.now,
        **values,
    )


async def forget(tx: Transaction, before: datetime) -> None:
    """Drop what is older."""
    await tx.run("DELETE FROM idempotency_keys WHERE created_at < :before", before=before)
