"""SQL on an organisation's places, and on which of them charts belong to."""

from collections.abc import Collection, Mapping, Sequence

from sqlmodel import col, select

from chassis.database import Transaction
from services.chart_service.models import Location


async def locations(
    tx: Transaction, organization_id: str, part: slice = slice(None)
) -> Sequence[Location]:
    """Return all places, or some, those that are over last, by name."""
    found = await tx.session.exec(
        select(Location)
        .where(Location.organization_id == organization_id)
        .order_by(col(Location.ended), Location.name, Location.id)
        .slice(part.start, part.stop)
    )
    return found.all()


async def location(tx: Transaction, organization_id: str, location_id: str) -> Location | None:
    """Return a place."""
    return await tx.session.get(Location, (organization_id, location_id))


async def lock_location(tx: Transaction, organization_id: str, location_id: str) -> Location | None:
    """Return a place that nobody else changes until the commit."""
    return await tx.session.get(
        Location, (organization_id, location_id), with_for_update={"key_share": True}
    )


async def save_location(tx: Transaction, new: Location) -> None:
    """Insert a place, or replace what is known of it."""
    await tx.run(
        """
        INSERT INTO locations (organization_id, id, name, phone, logo_media_type, logo, ended)
        VALUES (:organization_id, :id, :name, :phone, :logo_media_type, :logo, :ended)
        ON CONFLICT (organization_id, id) DO UPDATE SET name = excluded.name,
            phone = excluded.phone, logo_media_type = excluded.logo_media_type,
            logo = excluded.logo, ended = excluded.ended
        """,
        **new.model_dump(),
    )


async def count_charts(tx: Transaction, organization_id: str) -> dict[str, int]:
    """Return how many charts belong to each place that has any."""
    found = await tx.run(
        """
        SELECT location_id, count(*) AS charts FROM charts
        WHERE organization_id = :organization_id AND location_id IS NOT NULL GROUP BY location_id
        """,
        organization_id=organization_id,
    )
    return {row.location_id: row.charts for row in found}


async def of_charts(
    tx: Transaction, organization_id: str, chart_ids: Collection[str]
) -> dict[str, str]:
    """Return the place of each of these charts that belongs to one."""
    found = await tx.run(
        """
        SELECT id, location_id FROM charts
        WHERE organization_id = :organization_id AND id = ANY(:ids) AND location_id IS NOT NULL
        """,
        organization_id=organization_id,
        ids=list(chart_ids),
    )
    return {row.id: row.location_id for row in found}


async def place_charts(
    tx: Transaction, organization_id: str, places: Mapping[str, str | None]
) -> set[str]:
    """Let charts belong to these places, by their id; return those that belonged elsewhere."""
    moved = await tx.run(
        """
        UPDATE charts SET location_id = new.location_id
        FROM unnest(CAST(:ids AS varchar[]), CAST(:places AS varchar[])) AS new (id, location_id)
        WHERE organization_id = :organization_id AND charts.id = new.id
            AND charts.location_id IS DISTINCT FROM new.location_id
        RETURNING charts.id
        """,
        organization_id=organization_id,
        ids=list(places),
        places=list(places.values()),
    )
    return {row.id for row in moved}
