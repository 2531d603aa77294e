"""Which open invitations fall when news comes of the people on a chart."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from contracts.chart import Relationship
from contracts.invitations import RevocationReason as Why
from contracts.scopes import Role
from services.invitation_service import rules
from services.invitation_service.known_charts import Chart, LiveInvitation, Organization, Person
from services.invitation_service.models import State

PATIENT = Person(Relationship.PATIENT, "Ana", "Ana@sunrise.example", deceased=False, ended=False)
GUARDIAN = Person(
    Relationship.GUARDIAN, "Rosa", "rosa@sunrise.example", deceased=False, ended=False
)
PATIENTS, GUARDIANS = uuid4(), uuid4()


def chart(state: State = State.OPEN, guardians_key: str = "rosa@sunrise.example") -> Chart:
    """A chart with its patient and a guardian, both invited."""
    return Chart(
        Organization(portal_enabled=True, invitation_days=7),
        {"p-1": PATIENT, "g-1": GUARDIAN},
        [
            LiveInvitation(PATIENTS, "p-1", Role.PATIENT, "ana@sunrise.example", state),
            LiveInvitation(GUARDIANS, "g-1", Role.GUARDIAN, guardians_key, state),
        ],
    )


def fallen(known: Chart, changed: Mapping[str, Person]) -> set[UUID]:
    return set(reasons(known, changed))


def reasons(known: Chart, changed: Mapping[str, Person]) -> dict[UUID, Why]:
    return {invitation.id: why for invitation, why in rules.no_longer_due(known, changed)}


def test_with_the_patients_death_all_invitations_to_the_chart_fall() -> None:
    assert fallen(chart(), {"p-1": replace(PATIENT, deceased=True)}) == {PATIENTS, GUARDIANS}


def test_when_the_patient_comes_of_age_only_guardians_invitations_fall() -> None:
    assert reasons(chart(), {"p-1": replace(PATIENT, of_age=True)}) == {
        GUARDIANS: Why.PATIENT_OF_AGE
    }


def test_with_a_discharge_all_invitations_fall_where_that_ends_access() -> None:
    discharged = {"p-1": replace(PATIENT, discharged=True)}
    assert fallen(chart(), discharged) == set()
    ends = replace(chart(), organization=Organization(True, 7, discharge_ends_access=True))
    expected = {PATIENTS: Why.PATIENT_DISCHARGED, GUARDIANS: Why.PATIENT_DISCHARGED}
    assert reasons(ends, discharged) == expected
    known = replace(ends, people={**ends.people, **discharged})
    assert reasons(known, {}) == expected


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (replace(GUARDIAN, ended=True), Why.RELATIONSHIP_ENDED),
        (replace(GUARDIAN, relationship=Relationship.FRIEND), Why.RELATIONSHIP_NOT_ELIGIBLE),
        (replace(GUARDIAN, relationship=Relationship.GUARANTOR), Why.RELATIONSHIP_NOT_ELIGIBLE),
        (replace(GUARDIAN, email="lucia@sunrise.example"), Why.EMAIL_CHANGED),
        (replace(GUARDIAN, email="not an address"), Why.EMAIL_CHANGED),
        (replace(GUARDIAN, email=None), Why.EMAIL_CHANGED),
    ],
)
def test_an_invitation_falls_with_what_it_was_issued_for(now: Person, why: Why) -> None:
    assert reasons(chart(), {"g-1": now}) == {GUARDIANS: why}


@pytest.mark.parametrize(
    "now",
    [
        GUARDIAN,
        replace(GUARDIAN, given_name="Rosalía"),
        replace(GUARDIAN, email=" ROSA@Sunrise.example "),
    ],
)
def test_other_news_leaves_invitations_alone(now: Person) -> None:
    assert fallen(chart(), {"g-1": now}) == set()


def test_an_invitation_to_another_address_than_the_charts_stays_when_that_changes() -> None:
    known = chart(guardians_key="confirmed@sunrise.example")
    assert fallen(known, {"g-1": replace(GUARDIAN, email="lucia@sunrise.example")}) == set()


def test_an_invitation_stays_when_the_chart_takes_over_its_address() -> None:
    known = chart(guardians_key="confirmed@sunrise.example")
    assert fallen(known, {"g-1": replace(GUARDIAN, email="confirmed@sunrise.example")}) == set()


def test_what_was_accepted_is_not_an_invitation_any_more() -> None:
    assert fallen(chart(State.ACCEPTED), {"p-1": replace(PATIENT, deceased=True)}) == set()


def test_a_switched_off_portal_is_no_news_of_a_person() -> None:
    known = replace(chart(), organization=Organization(portal_enabled=False, invitation_days=7))
    assert fallen(known, {"g-1": GUARDIAN}) == set()
