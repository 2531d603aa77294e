"""SQL on the copies of organisations: how they show themselves, and what ends access."""

from collections.abc import Collection, Sequence

from sqlmodel import col, select

from chassis.database import Transaction
from contracts.chart import OrganizationChanged
from services.portal_access.models import Brand


async def keep_brands(tx: Transaction, events: Sequence[OrganizationChanged]) -> None:
    """Keep the newest of each organisation."""
    by_id = {event.data.organization: event for event in events}
    newest = [by_id[organization] for organization in sorted(by_id)]
    logos = [event.data.logo for event in newest]
    await tx.run(
        """
        INSERT INTO brands (organization_id, name, phone, logo_media_type, logo, portal_enabled,
            messages_enabled, death_ends_access, discharge_ends_access, birth_date_check,
            changed_at, sections_off, time_zone)
        SELECT id, name, phone, media_type, logo, enabled, messages, death, discharge, birth_date,
            changed_at, string_to_array(off, ' '), zone
        FROM unnest(
            CAST(:ids AS text[]), CAST(:names AS text[]), CAST(:phones AS text[]),
            CAST(:media_types AS text[]), CAST(:logos AS bytea[]), CAST(:enabled AS boolean[]),
            CAST(:messages AS boolean[]), CAST(:death AS boolean[]), CAST(:discharge AS boolean[]),
            CAST(:birth_dates AS boolean[]), CAST(:times AS timestamptz[]), CAST(:off AS text[]),
            CAST(:zones AS text[]))
            AS new (id, name, phone, media_type, logo, enabled, messages, death, discharge,
                birth_date, changed_at, off, zone)
        ON CONFLICT (organization_id) DO UPDATE SET name = excluded.name, phone = excluded.phone,
            logo_media_type = excluded.logo_media_type, logo = excluded.logo,
            portal_enabled = excluded.portal_enabled,
            messages_enabled = excluded.messages_enabled, sections_off = excluded.sections_off,
            death_ends_access = excluded.death_ends_access,
            discharge_ends_access = excluded.discharge_ends_access,
            birth_date_check = excluded.birth_date_check, time_zone = excluded.time_zone,
            changed_at = excluded.changed_at
        WHERE brands.changed_at <= excluded.changed_at
        """,
        ids=[event.data.organization for event in newest],
        names=[event.data.name for event in newest],
        phones=[event.data.phone for event in newest],
        media_types=[logo.media_type if logo else None for logo in logos],
        logos=[logo.content if logo else None for logo in logos],
        enabled=[event.data.portal_enabled for event in newest],
        messages=[event.data.messages_enabled for event in newest],
        death=[event.data.death_ends_access for event in newest],
        discharge=[event.data.discharge_ends_access for event in newest],
        birth_dates=[event.data.birth_date_check for event in newest],
        times=[event.time for event in newest],
        zones=[event.data.time_zone for event in newest],
        off=[" ".join(event.data.sections_off) for event in newest],
    )


async def hold(tx: Transaction, organizations: Collection[str]) -> None:
    """Let nobody change these organisations' settings until the commit; others may hold them."""
    await tx.run(
        """
        SELECT 1 FROM brands WHERE organization_id = ANY(:ids) ORDER BY organization_id FOR SHARE
        """,
        ids=sorted(organizations),
    )


async def brand(tx: Transaction, organization: str) -> Brand | None:
    """Return how an organisation shows itself."""
    return await tx.session.get(Brand, organization)


async def open_brands(tx: Transaction) -> Sequence[Brand]:
    """Return the organisations whose portal is on, by name."""
    wanted = select(Brand).where(col(Brand.portal_enabled)).order_by(col(Brand.name))
    return (await tx.session.exec(wanted)).all()
