"""Whether an invitation is issued, and whether it stands, as plain decisions on values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from contracts.chart import InviteRequested
from contracts.invitations import RejectionReason as Reason
from contracts.invitations import RevocationReason
from services.invitation_service.addresses import deliverable, key_of
from services.invitation_service.eligibility import refusal, refusal_now
from services.invitation_service.known_charts import Chart, LiveInvitation, Person
from services.invitation_service.models import State

_REVOKED_FOR = {
    Reason.PATIENT_DECEASED: RevocationReason.PATIENT_DECEASED,
    Reason.PATIENT_DISCHARGED: RevocationReason.PATIENT_DISCHARGED,
    Reason.PATIENT_OF_AGE: RevocationReason.PATIENT_OF_AGE,
    Reason.PERSON_UNKNOWN: RevocationReason.RELATIONSHIP_ENDED,
    Reason.RELATIONSHIP_ENDED: RevocationReason.RELATIONSHIP_ENDED,
    Reason.RELATIONSHIP_NOT_ELIGIBLE: RevocationReason.RELATIONSHIP_NOT_ELIGIBLE,
}
"""Why an open invitation falls: for what would refuse it now."""


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
    if reason := refusal_now(chart, data.invitee.person, data.role):
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


def _why_off(invitation: LiveInvitation, before: Chart, after: Chart) -> RevocationReason | None:
    if reason := refusal(after, invitation.person, invitation.role):
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
