"""SQL on lookups that failed, for the throttle."""

from collections.abc import Sequence
from datetime import datetime

from chassis.database import Transaction


async def most_since(tx: Transaction, sources: Sequence[str], since: datetime) -> int:
    """Return the most failed lookups that any of these sources has had since then."""
    found = await tx.run(
        """
        SELECT coalesce(max(total), 0) FROM (
            SELECT sum(failures) AS total FROM failed_lookups
            WHERE source = ANY(:sources) AND window_start >= :since GROUP BY source
        ) AS totals
        """,
        sources=sources,
        since=since,
    )
    return int(found.scalar_one())


async def count(tx: Transaction, sources: Sequence[str], window: datetime) -> None:
    """Count a failed lookup for each of these sources."""
    await tx.run(
        """
        INSERT INTO failed_lookups (source, window_start, failures)
        SELECT source, :window, 1 FROM unnest(CAST(:sources AS text[])) AS source
        ON CONFLICT (source, window_start) DO UPDATE SET failures = failed_lookups.failures + 1
        """,
        sources=sources,
        window=window,
    )


async def forget(tx: Transaction, before: datetime) -> None:
    """Drop counts that no throttle looks at any more."""
    await tx.run("DELETE FROM failed_lookups WHERE window_start < :before", before=before)
