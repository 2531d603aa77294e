"""A chart as its facesheet shows it: the patient, contacts, insurances and alerts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.database import Transaction
from chassis.web.problems import ProblemError
from services.chart_service import alerts, audit, queries, rules
from services.chart_service.audit import Act, Action
from services.chart_service.models import (
    Alert,
    Chart,
    Coverage,
    Location,
    Organization,
    Person,
    PortalAccess,
)
from services.chart_service.rules import Refusal


@dataclass(frozen=True, slots=True)
class Facesheet:
    """All that is shown of a chart."""

    organization: Organization
    chart: Chart
    locations: Sequence[Location]
    """All places of the organisation, whichever of them the chart belongs to."""
    patient: Person
    contacts: Sequence[Person]
    coverages: Sequence[Coverage]
    alerts: Sequence[Alert]
    open_invitations: Mapping[str, Alert]
    """By person: what staff may resend or revoke."""
    access: Mapping[str, PortalAccess]
    """By person: what counts of their access through the portal."""

    def refusal(self, person: Person) -> Refusal | None:
        """Return what stands in the way of inviting somebody on this chart, None if nothing."""
        access = self.access.get(person.id)
        return rules.refusal(self.organization, self.patient, person, access)

    @property
    def location(self) -> Location | None:
        """The place that the chart belongs to."""
        own = self.chart.location_id
        return next((place for place in self.locations if place.id == own), None)

    def find(self, person_id: str) -> Person | None:
        """Return the patient or a contact, None when nobody on this chart has this id."""
        people = (self.patient, *self.contacts)
        return next((person for person in people if person.id == person_id), None)

    def person(self, person_id: str) -> Person:
        """Return the patient or a contact.

        Raises:
            ProblemError: 404, nobody on this chart has this id.
        """
        found = self.find(person_id)
        if found is None:
            raise unknown("person")
        return found


async def load(tx: Transaction, organization_id: str, chart_id: str) -> Facesheet:
    """Return a chart's facesheet.

    Raises:
        ProblemError: 404, no such organisation or chart.
    """
    organization = await known_organization(tx, organization_id)
    chart = await queries.charts.chart(tx, organization_id, chart_id)
    people = await queries.people.people(tx, organization_id, [chart_id])
    patient = next((person for person in people if person.is_patient), None)
    if chart is None or patient is None:
        raise unknown("chart")
    known = await queries.alerts.alerts(tx, organization_id, chart_id)
    return Facesheet(
        organization,
        chart,
        await queries.locations.locations(tx, organization_id),
        patient,
        [person for person in people if person is not patient],
        await queries.people.coverages(tx, organization_id, chart_id),
        alerts.shown(known),
        alerts.open_by_person(known),
        await queries.access.state_of(tx, organization_id, chart_id),
    )


async def look_at(tx: Transaction, organization_id: str, chart_id: str, actor: str) -> Facesheet:
    """Return a chart's facesheet to somebody who looks at it, which the audit log notes.

    Raises:
        ProblemError: 404, no such organisation or chart.
    """
    sheet = await load(tx, organization_id, chart_id)
    await audit.record(tx, Act(organization_id, actor, Action.CHART_VIEWED, chart_id))
    return sheet


async def person(tx: Transaction, organization_id: str, chart_id: str, person_id: str) -> Person:
    """Return somebody on a chart.

    Raises:
        ProblemError: 404, no such chart or person.
    """
    people = await queries.people.people(tx, organization_id, [chart_id])
    found = next((person for person in people if person.id == person_id), None)
    if found is None:
        raise unknown("person" if people else "chart")
    return found


async def known_organization(tx: Transaction, organization_id: str) -> Organization:
    """Return an organisation.

    Raises:
        ProblemError: 404, there is none of this id.
    """
    organization = await queries.organizations.organization(tx, organization_id)
    if organization is None:
        raise unknown("organization")
    return organization


async def known_location(tx: Transaction, organization_id: str, location_id: str) -> Location:
    """Return one of an organisation's places.

    Raises:
        ProblemError: 404, there is none of this id.
    """
    found = await queries.locations.location(tx, organization_id, location_id)
    if found is None:
        raise unknown("location")
    return found


def unknown(what: str) -> ProblemError:
    """Return the problem that there is no such chart, person or organisation."""
    words = {"organization": "organisation"}.get(what, what)
    return ProblemError(404, f"{what}_unknown", f"There is no such {words} here.")
