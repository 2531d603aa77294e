"""SQL on charts as such: their list, their locks."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from chassis.database import Transaction
from services.chart_service.models import Chart


async def save_charts(tx: Transaction, organization_id: str, mrns: Mapping[str, str]) -> None:
    """Insert charts or change their MRN, by id; until the commit nobody else changes them."""
    ids = sorted(mrns)  # always in one order, so that two imports never wait for each other
    await tx.run(
        """
        INSERT INTO charts (organization_id, id, mrn, created_at)
        SELECT :organization_id, id, mrn, :now
        FROM unnest(CAST(:ids AS varchar[]), CAST(:mrns AS varchar[])) AS new (id, mrn)
        ON CONFLICT (organization_id, id) DO UPDATE SET mrn = excluded.mrn
        """,
        organization_id=organization_id,
        ids=ids,
        mrns=[mrns[chart_id] for chart_id in ids],
        now=tx.now,
    )


async def chart(tx: Transaction, organization_id: str, chart_id: str) -> Chart | None:
    """Return a chart."""
    return await tx.session.get(Chart, (organization_id, chart_id))


async def lock_chart(tx: Transaction, organization_id: str, chart_id: str) -> bool:
    """Let nobody else change a chart's people until the commit; tell whether there is one."""
    locked = await tx.run(
        """
        SELECT id FROM charts WHERE organization_id = :organization_id AND id = :chart_id
        FOR UPDATE
        """,
        organization_id=organization_id,
        chart_id=chart_id,
    )
    return locked.first() is not None


_LISTED = """
    FROM people p JOIN charts c ON c.organization_id = p.organization_id AND c.id = p.chart_id
    WHERE p.organization_id = :organization_id AND p.relationship = 'Patient'
        AND NOT EXISTS (
            SELECT FROM unnest(CAST(:words AS varchar[])) AS word
            WHERE position(word IN lower(
                concat_ws(' ', p.given_name, p.family_name, p.preferred_name, c.mrn))) = 0)
"""


async def list_charts(
    tx: Transaction, organization_id: str, words: Sequence[str], limit: int, offset: int
) -> Sequence[Row[Any]]:
    """Return charts by their patient's name, in which each of the words is found."""
    found = await tx.run(
        f"""
        SELECT c.id, c.mrn, p.given_name, p.family_name, p.birth_date {_LISTED}
        ORDER BY p.family_name, p.given_name, p.chart_id LIMIT :limit OFFSET :offset
        """,
        organization_id=organization_id,
        words=words,
        limit=limit,
        offset=offset,
    )
    return found.all()


async def count_charts(tx: Transaction, organization_id: str, words: Sequence[str]) -> int:
    """Return how many charts there are whose patient's name or MRN has each of the words."""
    found = await tx.run(
        f"SELECT count(*) {_LISTED}",
        organization_id=organization_id,
        words=words,
    )
    return int(found.scalar_one())
