"""SQL on tries to sign in."""

from collections.abc import Sequence
from datetime import datetime

from chassis.database import Transaction


async def count_attempt(tx: Transaction, source: str, window: datetime) -> int:
    """Count a try to sign in as failed; return how many there were in this window."""
    counted = await tx.run(
        """
        INSERT INTO sign_in_attempts (source, window_start, failures) VALUES (:source, :window, 1)
        ON CONFLICT (source, window_start) DO UPDATE SET failures = sign_in_attempts.failures + 1
        RETURNING failures
        """,
        source=source,
        window=window,
    )
    return int(counted.scalar_one())


async def forgive_attempt(tx: Transaction, sources: Sequence[str], window: datetime) -> None:
    """Take back the count of a try that did not fail."""
    await tx.run(
        """
        UPDATE sign_in_attempts SET failures = failures - 1
        WHERE source = ANY(:sources) AND window_start = :window
        """,
        sources=list(sources),
        window=window,
    )
