"""One decision at a time on a chart, whichever instance of a service takes it."""

from collections.abc import Iterable

from chassis.database import Transaction


async def lock_charts(tx: Transaction, charts: Iterable[tuple[str, str]]) -> None:
    """Let nobody else of this service decide on these charts until the commit.

    A chart is an organisation's id and its own. Locks go in one order, so that no two wait for
    each other.
    """
    pairs = sorted(set(charts))
    await tx.run(
        """
        SELECT count(pg_advisory_xact_lock(lock)) FROM (
            SELECT DISTINCT hashtextextended(organization || '/' || chart, 0) AS lock
            FROM unnest(CAST(:organizations AS text[]), CAST(:charts AS text[]))
                AS wanted (organization, chart)
            ORDER BY 1
        ) AS locks
        """,
        organizations=[organization for organization, _ in pairs],
        charts=[chart for _, chart in pairs],
    )
