"""Who cannot be invited, and what people read of the reason (PRODUCT_FACTS.md)."""

from collections.abc import Mapping

from contracts.chart import ROLE_BY_RELATIONSHIP
from contracts.invitations import RejectionReason as Reason
from contracts.scopes import Role
from services.invitation_service.known_charts import Chart, Person

MESSAGES: Mapping[Reason, str] = {
    Reason.ORGANIZATION_UNKNOWN: "This organisation is not known here.",
    Reason.PORTAL_OFF: "The patient portal is switched off for this organisation.",
    Reason.CHART_UNKNOWN: "This chart is not known here.",
    Reason.PERSON_UNKNOWN: "This person is not on the chart.",
    Reason.PATIENT_DECEASED: "The patient is deceased, so nobody can be invited to this chart.",
    Reason.PATIENT_DISCHARGED: (
        "The patient was discharged, and access ends with the treatment here."
    ),
    Reason.PATIENT_OF_AGE: "The patient has come of age, so guardians are invited no longer.",
    Reason.RELATIONSHIP_ENDED: "This contact's relationship to the patient has ended.",
    Reason.RELATIONSHIP_NOT_ELIGIBLE: (
        "Only the patient, a guardian or a guarantor can be invited, each in their own role."
    ),
    Reason.EMAIL_MISSING: "There is no e-mail address on file. Add one, then invite.",
    Reason.EMAIL_INVALID: "The e-mail address is not valid. Correct it, then invite.",
    Reason.EMAIL_TAKEN: (
        "Another person on this chart is invited at the same e-mail address. Each needs their own."
    ),
    Reason.EMAIL_CHANGED: (
        "The e-mail address on file changed after this was asked for. Check it, then invite again."
    ),
    Reason.ALREADY_CONNECTED: "This person already has portal access to this chart in this role.",
}
"""A sentence for people per reason; no message quotes a value."""

NOT_KNOWN_YET = frozenset(
    {Reason.ORGANIZATION_UNKNOWN, Reason.CHART_UNKNOWN, Reason.PERSON_UNKNOWN}
)
"""News of these may still be on its way: order holds within a topic, not across topics."""


def refusal_now(chart: Chart, person_id: str, role: Role) -> Reason | None:
    """Return why a person cannot be invited in a role now; the address is not looked at."""
    if chart.organization is None:
        return Reason.ORGANIZATION_UNKNOWN
    if not chart.organization.portal_enabled:
        return Reason.PORTAL_OFF
    if chart.patient is None:
        return Reason.CHART_UNKNOWN
    return refusal(chart, person_id, role)


def refusal(chart: Chart, person_id: str, role: Role) -> Reason | None:
    """Return why they could not be on this chart, were the portal on."""
    patient, organization = chart.patient, chart.organization
    if patient and patient.deceased:
        return Reason.PATIENT_DECEASED
    if patient and patient.discharged and organization and organization.discharge_ends_access:
        return Reason.PATIENT_DISCHARGED
    if reason := _cannot_as(chart.people.get(person_id), role):
        return reason
    is_grown_up = patient is not None and patient.of_age
    return Reason.PATIENT_OF_AGE if is_grown_up and role is Role.GUARDIAN else None


def _cannot_as(person: Person | None, role: Role) -> Reason | None:
    if person is None:
        return Reason.PERSON_UNKNOWN
    if ROLE_BY_RELATIONSHIP.get(person.relationship) is not role:
        return Reason.RELATIONSHIP_NOT_ELIGIBLE
    return Reason.RELATIONSHIP_ENDED if person.ended else None
