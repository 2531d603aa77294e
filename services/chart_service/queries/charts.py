"""SQL on charts as such."""

from collections.abc import Collection, Mapping

from chassis.database import Transaction
from services.chart_service.models import Chart


async def save_charts(tx: Transaction, organization_id: str, mrns: Mapping[str, str]) -> list[str]:
    """Insert charts or change their MRN, by id; return those that are new or changed.

    Until the commit nobody else changes any of them.
    """
    ids = sorted(mrns)  # always in one order, so that two imports never wait for each other
    changed = await tx.run(
        """
        INSERT INTO charts (organization_id, id, mrn, created_at)
        SELECT :organization_id, id, mrn, :now
        FROM unnest(CAST(:ids AS varchar[]), CAST(:mrns AS varchar[])) AS new (id, mrn)
        ON CONFLICT (organization_id, id) DO UPDATE SET mrn = excluded.mrn
            WHERE charts.mrn <> excluded.mrn
        RETURNING id
        """,
        organization_id=organization_id,
        ids=ids,
        mrns=[mrns[chart_id] for chart_id in ids],
        now=tx.now,
    )
    return list(changed.scalars())


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


async def mrns(tx: Transaction, organization_id: str, chart_ids: Collection[str]) -> dict[str, str]:
    """Return the MRN of each of these charts."""
    found = await tx.run(
        """
        SELECT id, mrn FROM charts
        WHERE organization_id = :organization_id AND id = ANY(CAST(:ids AS varchar[]))
        """,
        organization_id=organization_id,
        ids=list(chart_ids),
    )
    return {row.id: row.mrn for row in found}


async def ids_after(tx: Transaction, organization_id: str, after: str, limit: int) -> list[str]:
    """Return the ids of the next charts after one, in their order."""
    found = await tx.run(
        """
        SELECT id FROM charts WHERE organization_id = :organization_id AND id > :after
        ORDER BY id LIMIT :limit
        """,
        organization_id=organization_id,
        after=after,
        limit=limit,
    )
    return list(found.scalars())
