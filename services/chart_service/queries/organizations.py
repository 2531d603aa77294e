"""SQL on organisations."""

from chassis.database import Transaction
from services.chart_service.models import Organization


async def organization(tx: Transaction, organization_id: str) -> Organization | None:
    """Return an organisation."""
    return await tx.session.get(Organization, organization_id)


async def save_organization(tx: Transaction, new: Organization) -> None:
    """Insert an organisation, or replace what is known of it."""
    await tx.run(
        """
        INSERT INTO organizations
            (id, name, phone, logo_media_type, logo, portal_enabled, invitation_days)
        VALUES (:id, :name, :phone, :logo_media_type, :logo, :portal_enabled, :invitation_days)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, phone = excluded.phone,
            logo_media_type = excluded.logo_media_type, logo = excluded.logo,
            portal_enabled = excluded.portal_enabled, invitation_days = excluded.invitation_days
        """,
        **new.model_dump(),
    )
