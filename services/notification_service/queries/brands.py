"""SQL on the copies of brands, and on whose mails wait."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from chassis.database import Transaction
from chassis.pauses import Known
from contracts.chart import LocationChanged, OrganizationChanged
from services.notification_service.mail import Brand


async def known(tx: Transaction, organizations: Collection[str]) -> dict[str, Known]:
    """Return since when each of these organisations is paused; they stay so until the commit."""
    rows = await tx.run(
        """
        SELECT organization_id, paused_at, changed_at FROM brands
        WHERE organization_id = ANY(:ids) ORDER BY organization_id FOR UPDATE
        """,
        ids=sorted(organizations),
    )
    return {row.organization_id: Known(row.paused_at, row.changed_at) for row in rows}


async def keep(
    tx: Transaction,
    events: Sequence[OrganizationChanged],
    paused_at: Mapping[str, datetime | None],
) -> None:
    """Keep the newest of each organisation, and since when it is paused."""
    newest = {event.data.organization: event for event in events}.values()
    logos = [event.data.logo for event in newest]
    await tx.run(
        """
        INSERT INTO brands
            (organization_id, name, phone, logo_media_type, logo, time_zone, paused_at, changed_at)
        SELECT * FROM unnest(
            CAST(:ids AS text[]), CAST(:names AS text[]), CAST(:phones AS text[]),
            CAST(:media_types AS text[]), CAST(:logos AS bytea[]), CAST(:zones AS text[]),
            CAST(:paused AS timestamptz[]), CAST(:times AS timestamptz[]))
        ON CONFLICT (organization_id) DO UPDATE SET name = excluded.name, phone = excluded.phone,
            logo_media_type = excluded.logo_media_type, logo = excluded.logo,
            time_zone = excluded.time_zone, paused_at = excluded.paused_at,
            changed_at = excluded.changed_at
        WHERE brands.changed_at <= excluded.changed_at
        """,
        ids=[event.data.organization for event in newest],
        names=[event.data.name for event in newest],
        phones=[event.data.phone for event in newest],
        media_types=[logo.media_type if logo else None for logo in logos],
        logos=[logo.content if logo else None for logo in logos],
        zones=[event.data.time_zone for event in newest],
        paused=[paused_at[event.data.organization] for event in newest],
        times=[event.time for event in newest],
    )


async def keep_locations(tx: Transaction, events: Sequence[LocationChanged]) -> None:
    """Keep the newest of each of the organisations' places."""
    newest = {event.subject: event for event in events}.values()
    data = [event.data for event in newest]
    logos = [place.logo for place in data]
    await tx.run(
        """
        INSERT INTO location_brands (organization_id, location_id, name, phone, logo_media_type,
            logo, removed, changed_at)
        SELECT * FROM unnest(
            CAST(:organizations AS text[]), CAST(:locations AS text[]), CAST(:names AS text[]),
            CAST(:phones AS text[]), CAST(:media_types AS text[]), CAST(:logos AS bytea[]),
            CAST(:removed AS boolean[]), CAST(:times AS timestamptz[]))
        ON CONFLICT (organization_id, location_id) DO UPDATE SET name = excluded.name,
            phone = excluded.phone, logo_media_type = excluded.logo_media_type,
            logo = excluded.logo, removed = excluded.removed, changed_at = excluded.changed_at
        WHERE location_brands.changed_at <= excluded.changed_at
        """,
        organizations=[place.organization for place in data],
        locations=[place.location for place in data],
        names=[place.name for place in data],
        phones=[place.phone for place in data],
        media_types=[logo.media_type if logo else None for logo in logos],
        logos=[logo.content if logo else None for logo in logos],
        removed=[place.removed for place in data],
        times=[event.time for event in newest],
    )


async def brand(tx: Transaction, organization: str, location: str | None) -> Brand:
    """Return what mails of a place show; what it leaves out is the organisation's.

    A place that is unknown or was removed shows the organisation's brand, which must be known.
    """
    rows = await tx.run(
        """
        SELECT coalesce(l.name, b.name) AS name, coalesce(l.phone, b.phone) AS phone,
            CASE WHEN l.logo IS NULL THEN b.logo_media_type ELSE l.logo_media_type END
                AS logo_media_type,
            coalesce(l.logo, b.logo) AS logo, b.time_zone
        FROM brands b LEFT JOIN location_brands l ON l.organization_id = b.organization_id
            AND l.location_id = :location AND NOT l.removed
        WHERE b.organization_id = :organization
        """,
        organization=organization,
        location=location,
    )
    row = rows.one()
    return Brand(row.name, row.phone, row.logo_media_type, row.logo, row.time_zone)
