"""Who may be invited: each reason to refuse, and what is issued otherwise."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from contracts.chart import InviteRequested, InviteRequestedData, Relationship
from contracts.envelope import Invitee, utc_now
from contracts.invitations import RejectionReason
from contracts.scopes import Role
from services.invitation_service import addresses, eligibility, rules
from services.invitation_service.known_charts import Chart, LiveInvitation, Organization, Person
from services.invitation_service.models import State
from services.invitation_service.rules import Issue, Reject

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PATIENT, GUARDIAN, GUARANTOR, FRIEND = "p-1", "g-1", "r-1", "f-1"


def person(relationship: Relationship, email: str | None) -> Person:
    return Person(relationship, "Ana", email, deceased=False, ended=False)


def chart() -> Chart:
    """A chart with everybody on it, and nobody invited yet."""
    return Chart(
        Organization(portal_enabled=True, invitation_days=7),
        {
            PATIENT: person(Relationship.PATIENT, "ana@sunrise.example"),
            GUARDIAN: person(Relationship.GUARDIAN, "rosa@sunrise.example"),
            GUARANTOR: person(Relationship.GUARANTOR, "luis@sunrise.example"),
            FRIEND: person(Relationship.FRIEND, "eva@sunrise.example"),
        },
    )


def request(
    person_id: str = PATIENT, role: Role = Role.PATIENT, email: str | None = None
) -> InviteRequested:
    invitee = Invitee(organization="sunrise", chart="c-1", person=person_id)
    return InviteRequested.of(InviteRequestedData(invitee=invitee, role=role, email=email))


def with_person(person_id: str, **changes: object) -> Chart:
    found = chart()
    found.people[person_id] = replace(found.people[person_id], **changes)  # type: ignore[arg-type]
    return found


def with_live(person_id: str, role: Role, email_key: str, state: State = State.OPEN) -> Chart:
    found = chart()
    found.live.append(LiveInvitation(uuid4(), person_id, role, email_key, state))
    return found


def without(person_id: str) -> Chart:
    found = chart()
    del found.people[person_id]
    return found


def in_organization(organization: Organization | None) -> Chart:
    return replace(chart(), organization=organization)


REFUSED: dict[RejectionReason, tuple[InviteRequested, Chart]] = {
    RejectionReason.ORGANIZATION_UNKNOWN: (request(), in_organization(None)),
    RejectionReason.PORTAL_OFF: (request(), in_organization(Organization(False, 7))),
    RejectionReason.CHART_UNKNOWN: (request(GUARDIAN, Role.GUARDIAN), without(PATIENT)),
    RejectionReason.PERSON_UNKNOWN: (request(GUARDIAN, Role.GUARDIAN), without(GUARDIAN)),
    RejectionReason.PATIENT_DECEASED: (
        request(GUARDIAN, Role.GUARDIAN),
        with_person(PATIENT, deceased=True),
    ),
    RejectionReason.PATIENT_DISCHARGED: (
        request(GUARDIAN, Role.GUARDIAN),
        replace(
            with_person(PATIENT, discharged=True),
            organization=Organization(True, 7, discharge_ends_access=True),
        ),
    ),
    RejectionReason.PATIENT_OF_AGE: (
        request(GUARDIAN, Role.GUARDIAN),
        with_person(PATIENT, of_age=True),
    ),
    RejectionReason.RELATIONSHIP_ENDED: (
        request(GUARDIAN, Role.GUARDIAN),
        with_person(GUARDIAN, ended=True),
    ),
    RejectionReason.RELATIONSHIP_NOT_ELIGIBLE: (request(FRIEND, Role.GUARDIAN), chart()),
    RejectionReason.EMAIL_MISSING: (request(), with_person(PATIENT, email=None)),
    RejectionReason.EMAIL_INVALID: (request(email="ana at sunrise"), chart()),
    RejectionReason.EMAIL_TAKEN: (
        request(GUARANTOR, Role.GUARANTOR, "rosa@sunrise.example"),
        with_live(GUARDIAN, Role.GUARDIAN, "rosa@sunrise.example"),
    ),
    RejectionReason.EMAIL_CHANGED: (
        request(email="old@sunrise.example"),
        with_person(PATIENT, changed_at=utc_now() + timedelta(seconds=1)),
    ),
    RejectionReason.ALREADY_CONNECTED: (
        request(),
        with_live(PATIENT, Role.PATIENT, "ana@sunrise.example", State.ACCEPTED),
    ),
}


@pytest.mark.parametrize("reason", list(REFUSED))
def test_each_reason_refuses_an_invitation(reason: RejectionReason) -> None:
    asked, known = REFUSED[reason]
    assert rules.decide(asked, known, NOW) == Reject(reason)


@pytest.mark.parametrize("reason", list(RejectionReason))
def test_each_reason_has_a_sentence_for_people(reason: RejectionReason) -> None:
    assert eligibility.MESSAGES[reason].endswith(".")


@pytest.mark.parametrize(
    ("person_id", "role", "email"),
    [
        (PATIENT, Role.PATIENT, "ana@sunrise.example"),
        (GUARDIAN, Role.GUARDIAN, "rosa@sunrise.example"),
        (GUARANTOR, Role.GUARANTOR, "luis@sunrise.example"),
    ],
)
def test_each_role_is_invited_at_the_address_on_the_chart(
    person_id: str, role: Role, email: str
) -> None:
    expected = Issue(email, "Ana", NOW + timedelta(days=7), supersedes=None)
    assert rules.decide(request(person_id, role), chart(), NOW) == expected


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("person_id", [PATIENT, GUARDIAN, GUARANTOR, FRIEND])
def test_nobody_is_invited_as_somebody_else(person_id: str, role: Role) -> None:
    own = {PATIENT: Role.PATIENT, GUARDIAN: Role.GUARDIAN, GUARANTOR: Role.GUARANTOR}
    decision = rules.decide(request(person_id, role), chart(), NOW)
    expected = Issue if own.get(person_id) is role else Reject
    assert isinstance(decision, expected)


@pytest.mark.parametrize(
    ("person_id", "role"), [(PATIENT, Role.PATIENT), (GUARANTOR, Role.GUARANTOR)]
)
def test_when_the_patient_is_of_age_the_others_are_invited_as_before(
    person_id: str, role: Role
) -> None:
    known = with_person(PATIENT, of_age=True)
    assert isinstance(rules.decide(request(person_id, role), known, NOW), Issue)


def test_a_discharge_refuses_nobody_unless_the_organisation_says_so() -> None:
    known = with_person(PATIENT, discharged=True)
    assert isinstance(rules.decide(request(), known, NOW), Issue)


def test_an_invitation_carries_its_charts_location() -> None:
    decision = rules.decide(request(), with_person(PATIENT, location="harbor"), NOW)
    assert isinstance(decision, Issue)
    assert decision.location == "harbor"


@pytest.mark.parametrize("blank", ["", "   ", "\t\n"])
def test_a_blank_address_counts_as_none(blank: str) -> None:
    known = with_person(PATIENT, email=blank)
    assert rules.decide(request(), known, NOW) == Reject(RejectionReason.EMAIL_MISSING)


def test_the_confirmed_address_goes_before_the_charts() -> None:
    decision = rules.decide(request(email=" new@sunrise.example "), chart(), NOW)
    assert isinstance(decision, Issue)
    assert decision.email == "new@sunrise.example"


def test_newer_news_with_the_confirmed_address_on_file_is_no_other_address() -> None:
    known = with_person(PATIENT, changed_at=utc_now() + timedelta(seconds=1))
    assert isinstance(rules.decide(request(email="Ana@Sunrise.example"), known, NOW), Issue)


def test_the_organisation_says_how_long_an_invitation_lives() -> None:
    decision = rules.decide(request(), in_organization(Organization(True, 30)), NOW)
    assert isinstance(decision, Issue)
    assert decision.expires_at == NOW + timedelta(days=30)


def test_an_open_invitation_asked_for_again_is_superseded() -> None:
    known = with_live(PATIENT, Role.PATIENT, "ana@sunrise.example")
    decision = rules.decide(request(), known, NOW)
    assert isinstance(decision, Issue)
    assert decision.supersedes == known.live[0].id


def test_asked_again_at_another_address_the_old_link_is_superseded_too() -> None:
    known = with_live(PATIENT, Role.PATIENT, "old@sunrise.example")
    decision = rules.decide(request(email="new@sunrise.example"), known, NOW)
    assert isinstance(decision, Issue)
    assert decision.supersedes == known.live[0].id


def test_asked_three_times_in_one_batch_each_supersedes_the_one_before() -> None:
    known, requests = chart(), [request() for _ in range(3)]
    superseded = []
    for asked in requests:
        decision = rules.decide(asked, known, NOW)
        assert isinstance(decision, Issue)
        superseded.append(decision.supersedes)
        rules.note_issue(known, asked, decision)
    assert superseded == [None, requests[0].id, requests[1].id]


def test_of_a_guardian_and_a_guarantor_at_one_address_the_second_is_refused() -> None:
    known = chart()
    first = request(GUARDIAN, Role.GUARDIAN, "both@sunrise.example")
    issue = rules.decide(first, known, NOW)
    assert isinstance(issue, Issue)
    rules.note_issue(known, first, issue)
    second = request(GUARANTOR, Role.GUARANTOR, "Both@Sunrise.example")
    assert rules.decide(second, known, NOW) == Reject(RejectionReason.EMAIL_TAKEN)


def test_an_address_is_taken_by_whoever_accepted_with_it_too() -> None:
    known = with_live(GUARDIAN, Role.GUARDIAN, "rosa@sunrise.example", State.ACCEPTED)
    asked = request(PATIENT, Role.PATIENT, "ROSA@sunrise.example")
    assert rules.decide(asked, known, NOW) == Reject(RejectionReason.EMAIL_TAKEN)


def test_an_address_is_free_again_once_its_invitation_went_to_another_one() -> None:
    known = chart()
    for address in ("shared@sunrise.example", "own@sunrise.example"):
        asked = request(GUARDIAN, Role.GUARDIAN, address)
        issue = rules.decide(asked, known, NOW)
        assert isinstance(issue, Issue)
        rules.note_issue(known, asked, issue)
    patient = request(PATIENT, Role.PATIENT, "shared@sunrise.example")
    assert isinstance(rules.decide(patient, known, NOW), Issue)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ana@sunrise.example", "ana@sunrise.example"),
        ("Ana@Sunrise.EXAMPLE", "Ana@sunrise.example"),
        ("o'neil+portal@clinic.test", "o'neil+portal@clinic.test"),
        ("ana@bücher.example", "ana@bücher.example"),
        ("ana@xn--bcher-kva.example", "ana@bücher.example"),
    ],
)
def test_an_address_that_a_mail_can_reach_is_deliverable(typed: str, found: str) -> None:
    assert addresses.deliverable(typed) == found


@pytest.mark.parametrize(
    "typed",
    [
        "ana",
        "ana@",
        "@sunrise.example",
        "ana@localhost",
        "ana@[127.0.0.1]",
        "ana sunrise@x.example",
        "ana@x.example\r\nBcc: eve@x.example",
        "ana@x.example,eve@x.example",
        "Ana <ana@x.example>",
        "añá@sunrise.example",
        "ana\x00@x.example",
        f"ana@{'x' * 250}.example",
    ],
)
def test_what_no_mail_can_reach_is_not_deliverable(typed: str) -> None:
    assert addresses.deliverable(typed) is None
