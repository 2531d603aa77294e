"""Who may be invited (PRODUCT_FACTS.md), as plain decisions on values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from contracts.chart import ROLE_BY_RELATIONSHIP, InviteRequested, Relationship
from contracts.invitations import RejectionReason as Reason
from contracts.invitations import RevocationReason
from contracts.scopes import Role
from services.invitation_service.addresses import deliverable, key_of
from services.invitation_service.models import State

ChartKey = tuple[str, str]
"""Organisation id and chart id."""

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

_REVOKED_FOR = {
    Reason.PATIENT_DECEASED: RevocationReason.PATIENT_DECEASED,
    Reason.PATIENT_DISCHARGED: RevocationReason.PATIENT_DISCHARGED,
    Reason.PATIENT_OF_AGE: RevocationReason.PATIENT_OF_AGE,
    Reason.PERSON_UNKNOWN: RevocationReason.RELATIONSHIP_ENDED,
    Reason.RELATIONSHIP_ENDED: RevocationReason.RELATIONSHIP_ENDED,
    Reason.RELATIONSHIP_NOT_ELIGIBLE: RevocationReason.RELATIONSHIP_NOT_ELIGIBLE,
}
"""Why an open invitation falls: for what would refuse it now."""

NOT_KNOWN_YET = frozenset(
    {Reason.ORGANIZATION_UNKNOWN, Reason.CHART_UNKNOWN, Reason.PERSON_UNKNOWN}
)
"""News of these may still be on its way: order holds within a topic, not across topics."""


@dataclass(frozen=True, slots=True)
class Organization:
    """What eligibility needs of an organisation."""

    portal_enabled: bool
    invitation_days: int
    discharge_ends_access: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """What eligibility needs of a patient or contact."""

    relationship: Relationship
    given_name: str
    email: str | None
    deceased: bool
    ended: bool
    discharged: bool = False
    of_age: bool = False
    location: str | None = None
    language: str | None = None
    changed_at: datetime | None = None
    """When the chart said so."""


@dataclass(frozen=True, slots=True)
class LiveInvitation:
    """An open or accepted invitation on a chart."""

    id: UUID
    person: str
    role: Role
    email_key: str
    state: State


@dataclass(slots=True)
class Chart:
    """All that a decision on one chart looks at; kept up to date from one request to the next."""

    organization: Organization | None = None
    people: dict[str, Person] = field(default_factory=dict)
    live: list[LiveInvitation] = field(default_factory=list)

    @property
    def patient(self) -> Person | None:
        """The person whose chart it is."""
        patients = (p for p in self.people.values() if p.relationship is Relationship.PATIENT)
        return next(patients, None)


@dataclass(frozen=True, slots=True)
class Reject:
    """Nobody is invited, for this reason."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Issue:
    """The person is invited, at this address, until then; an open invitation is superseded."""

    email: str
    given_name: str
    expires_at: datetime
    supersedes: UUID | None
    location: str | None = None
    language: str | None = None


def decide(request: InviteRequested, chart: Chart, now: datetime) -> Issue | Reject:
    """Decide on one request by what is known of its chart."""
    data = request.data
    if reason := _who_cannot(chart, data.invitee.person, data.role):
        return Reject(reason)
    person = chart.people[data.invitee.person]
    address = (data.email or person.email or "").strip()
    if not address:
        return Reject(Reason.EMAIL_MISSING)
    if (email := deliverable(address)) is None:
        return Reject(Reason.EMAIL_INVALID)
    mine = [i for i in chart.live if i.person == data.invitee.person and i.role is data.role]
    if any(i.state is State.ACCEPTED for i in mine):
        return Reject(Reason.ALREADY_CONNECTED)
    if reason := _cannot_go_to(email, request, chart):
        return Reject(reason)
    assert chart.organization is not None
    expires_at = now + timedelta(days=chart.organization.invitation_days)
    supersedes = mine[0].id if mine else None
    return Issue(email, person.given_name, expires_at, supersedes, person.location, person.language)


def note_issue(chart: Chart, request: InviteRequested, issue: Issue) -> None:
    """Let the next decision on this chart know of an invitation that is issued now."""
    data = request.data
    chart.live = [i for i in chart.live if i.id != issue.supersedes]
    chart.live.append(
        LiveInvitation(request.id, data.invitee.person, data.role, key_of(issue.email), State.OPEN)
    )


def no_longer_due(
    chart: Chart, changed: Mapping[str, Person]
) -> list[tuple[LiveInvitation, RevocationReason]]:
    """Return a chart's open invitations that news of its people takes back, and why.

    `changed` has the people as they are now, `chart` as they were. An invitation falls with the
    patient's death or discharge, a guardian's with the patient's coming of age; with the
    relationship that gave its role; and with the address on file when it went there: whoever
    reads that address now may be somebody else.
    """
    after = replace(chart, people={**chart.people, **changed})
    found = ((i, _why_off(i, chart, after)) for i in chart.live if i.state is State.OPEN)
    return [(invitation, reason) for invitation, reason in found if reason]


def _who_cannot(chart: Chart, person_id: str, role: Role) -> Reason | None:
    if chart.organization is None:
        return Reason.ORGANIZATION_UNKNOWN
    if not chart.organization.portal_enabled:
        return Reason.PORTAL_OFF
    if chart.patient is None:
        return Reason.CHART_UNKNOWN
    return _cannot_on(chart, person_id, role)


def _cannot_on(chart: Chart, person_id: str, role: Role) -> Reason | None:
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


def _why_off(invitation: LiveInvitation, before: Chart, after: Chart) -> RevocationReason | None:
    if reason := _cannot_on(after, invitation.person, invitation.role):
        return _REVOKED_FOR[reason]
    went_to = _key_on_file(before.people.get(invitation.person))
    now = _key_on_file(after.people.get(invitation.person))
    moved = went_to == invitation.email_key and now != invitation.email_key
    return RevocationReason.EMAIL_CHANGED if moved else None


def _key_on_file(person: Person | None) -> str | None:
    email = deliverable(((person and person.email) or "").strip())
    return email and key_of(email)


def _cannot_go_to(email: str, request: InviteRequested, chart: Chart) -> Reason | None:
    person_id = request.data.invitee.person
    if _has_moved(chart.people[person_id], email, request.time):
        return Reason.EMAIL_CHANGED
    return Reason.EMAIL_TAKEN if _is_taken(key_of(email), person_id, chart.live) else None


def _has_moved(person: Person, email: str, asked_at: datetime) -> bool:
    # Order holds within a topic: the news of an address may come before an older request to mail.
    is_newer = person.changed_at is not None and person.changed_at > asked_at
    return is_newer and _key_on_file(person) != key_of(email)


def _is_taken(email_key: str, person: str, live: list[LiveInvitation]) -> bool:
    return any(i.email_key == email_key and i.person != person for i in live)
