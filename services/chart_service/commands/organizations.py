"""What is done to organisations."""

from chassis.database import Transaction
from contracts.chart import (
    OrganizationChanged,
    OrganizationChangedData,
)
from contracts.scopes import Section
from services.chart_service import audit, queries
from services.chart_service.audit import Act, Action
from services.chart_service.models import Organization


async def put_organization(tx: Transaction, organization: Organization, actor: str) -> None:
    """Make an organisation what is given here."""
    await queries.organizations.save_organization(tx, organization)
    data = OrganizationChangedData(
        organization=organization.id,
        name=organization.name,
        phone=organization.phone,
        logo=organization.logo_value,
        portal_enabled=organization.portal_enabled,
        invitation_days=organization.invitation_days,
        reminder_days=organization.reminder_days,
        messages_enabled=organization.messages_enabled,
        sections_off=tuple(Section(section) for section in organization.sections_off),
        age_of_majority=organization.age_of_majority,
        death_ends_access=organization.death_ends_access,
        discharge_ends_access=organization.discharge_ends_access,
    )
    tx.publish(OrganizationChanged.of(data))
    await audit.record(tx, Act(organization.id, actor, Action.ORGANIZATION_CHANGED))
