"""SQL on the sessions of portal users, as their holders see them (chassis/web/sessions.py)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from chassis.database import Transaction
from chassis.web import sessions


async def begun(tx: Transaction, token_hash: bytes, device: str) -> None:
    """Note on which device a session began; its holder has just proved who they are."""
    await tx.run(
        "UPDATE sessions SET device = :device, confirmed_at = :now WHERE token_hash = :token_hash",
        token_hash=token_hash,
        device=device,
        now=tx.now,
    )


async def confirm(tx: Transaction, token_hash: bytes, new_hash: bytes) -> None:
    """Go on with a session under a new token, as its holder has proved again who they are."""
    await tx.run(
        """
        UPDATE sessions SET token_hash = :new_hash, confirmed_at = :now
        WHERE token_hash = :token_hash
        """,
        token_hash=token_hash,
        new_hash=new_hash,
        now=tx.now,
    )


async def was_confirmed(tx: Transaction, token_hash: bytes, since: datetime) -> bool:
    """Tell whether a session's holder has proved who they are since then."""
    found = await tx.run(
        "SELECT 1 FROM sessions WHERE token_hash = :token_hash AND confirmed_at > :since",
        token_hash=token_hash,
        since=since,
    )
    return found.first() is not None


async def of(tx: Transaction, account_id: UUID) -> Sequence[Row[Any]]:
    """Return an account's sessions that go on, those used last first."""
    found = await tx.run(
        """
        SELECT token_hash, device, created_at, seen_at FROM sessions
        WHERE subject = :subject AND created_at > :begun_after AND seen_at > :seen_after
        ORDER BY seen_at DESC
        """,
        subject=str(account_id),
        begun_after=tx.now - sessions.LIFE,
        seen_after=tx.now - sessions.IDLE,
    )
    return found.all()


async def end(tx: Transaction, account_id: UUID, token_hash: bytes) -> None:
    """End one session, if it is the account's."""
    await tx.run(
        "DELETE FROM sessions WHERE subject = :subject AND token_hash = :token_hash",
        subject=str(account_id),
        token_hash=token_hash,
    )
