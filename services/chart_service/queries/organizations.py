"""SQL on organisations."""

from chassis.database import Transaction
from services.chart_service.models import Organization


async def organization(tx: Transaction, organization_id: str) -> Organization | None:
    """Return an organisation."""
    return await tx.session.get(Organization, organization_id)


async def lock_organization(tx: Transaction, organization_id: str) -> Organization | None:
    """Return an organisation that nobody else changes until the commit."""
    # FOR NO KEY UPDATE: rows that refer to it can still come.
    return await tx.session.get(Organization, organization_id, with_for_update={"key_share": True})


async def save_organization(tx: Transaction, new: Organization) -> None:
    """Insert an organisation, or replace what is known of it."""
    await tx.run(
        """
        INSERT INTO organizations (id, name, phone, logo_media_type, logo, portal_enabled,
            invitation_days, reminder_days, messages_enabled, sections_off, age_of_majority,
            death_ends_access, discharge_ends_access, birth_date_check,
            time_zone)
        VALUES (:id, :name, :phone, :logo_media_type, :logo, :portal_enabled,
            :invitation_days, :reminder_days, :messages_enabled, CAST(:sections_off AS text[]),
            :age_of_majority, :death_ends_access, :discharge_ends_access, :birth_date_check,
            :time_zone)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, phone = excluded.phone,
            logo_media_type = excluded.logo_media_type, logo = excluded.logo,
            portal_enabled = excluded.portal_enabled, invitation_days = excluded.invitation_days,
            reminder_days = excluded.reminder_days, messages_enabled = excluded.messages_enabled,
            sections_off = excluded.sections_off, age_of_majority = excluded.age_of_majority,
            death_ends_access = excluded.death_ends_access,
            discharge_ends_access = excluded.discharge_ends_access,
            birth_date_check = excluded.birth_date_check,
            time_zone = excluded.time_zone
        """,
        **new.model_dump(),
    )
