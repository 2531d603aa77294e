"""What is done to organisations."""

from chassis.database import Transaction
from contracts.chart import (
    OrganizationChanged,
    OrganizationChangedData,
)
from contracts.scopes import Section
from services.chart_service import audit, directory, queries
from services.chart_service.audit import Act, Action
from services.chart_service.models import Organization
from services.chart_service.rules import Fields


async def change_organization(
    tx: Transaction, organization_id: str, given: Fields, actor: str
) -> list[str]:
    """Make an organisation what is given; of one that is known, what is left out stays as it is.

    So neither two administrators on two pages of the settings nor an EMR that knows fewer of them
    undo what another chose. Returns the names of the fields that changed.
    """
    known = await queries.organizations.lock_organization(tx, organization_id)
    before: Fields = known.model_dump() if known else {"id": organization_id}
    new = Organization(**(before | given))
    await queries.organizations.save_organization(tx, new)
    changed = sorted({n.removesuffix("_media_type") for n in given if given[n] != before.get(n)})
    await directory.organization_changed(tx, organization_id, changed)
    tx.publish(_organization_changed(new))
    await queries.changes.tell(tx, [queries.changes.AGES_OF_MAJORITY])
    act = Act(organization_id, actor, Action.ORGANIZATION_CHANGED, detail={"fields": changed})
    await audit.record(tx, act)
    return changed


def _organization_changed(organization: Organization) -> OrganizationChanged:
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
        time_zone=organization.time_zone,
        birth_date_check=organization.birth_date_check,
    )
    return OrganizationChanged.of(data)
