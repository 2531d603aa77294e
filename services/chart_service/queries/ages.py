"""SQL on who came of age, over all organisations: each row is measured by its own one's setting."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from chassis.database import Transaction

Chart = tuple[str, str]
"""Organisation and chart."""

# PostgreSQL takes 18 years from 28 February 2026 to 28 February 2008: born on the 29th, somebody
# comes of age on 1 March (rules.is_of_age).
_OF_AGE = "(p.birth_date <= CAST(:today AS date) - make_interval(years => o.age_of_majority))"
_DIFFERS = f"""
    p.organization_id = o.id AND p.relationship = 'Patient'
    AND p.of_age IS DISTINCT FROM coalesce({_OF_AGE}, false)
"""


async def lock_charts_due(tx: Transaction, today: date, limit: int) -> list[Chart]:
    """Return some charts whose patient's age is not noted, and let nobody else change those.

    What another instance is at is left to it.
    """
    found = await tx.run(
        f"""
        SELECT c.organization_id, c.id FROM charts c
            JOIN people p ON p.organization_id = c.organization_id AND p.chart_id = c.id
            JOIN organizations o ON {_DIFFERS}
        LIMIT :limit FOR UPDATE OF c SKIP LOCKED
        """,  # noqa: S608 - made of the condition above alone
        today=today,
        limit=limit,
    )
    return [(row.organization_id, row.id) for row in found]


async def note(tx: Transaction, today: date, charts: Sequence[Chart]) -> list[dict[str, Any]]:
    """Note the age of these charts' patients; return the people who are something else now."""
    found = await tx.run(
        f"""
        UPDATE people p SET of_age = NOT p.of_age
        FROM organizations o, unnest(
            CAST(:organizations AS varchar[]), CAST(:charts AS varchar[])
        ) AS due (organization_id, chart_id)
        WHERE p.organization_id = due.organization_id AND p.chart_id = due.chart_id AND {_DIFFERS}
        RETURNING p.*
        """,  # noqa: S608 - made of the condition above alone
        today=today,
        organizations=[organization for organization, _ in charts],
        charts=[chart for _, chart in charts],
    )
    return [dict(row._mapping) for row in found]
