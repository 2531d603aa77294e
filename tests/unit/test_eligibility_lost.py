"""Which open invitations fall when news comes of the people on a chart."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from contracts.chart import Relationship
from contracts.scopes import Role
from services.invitation_service import rules
from services.invitation_service.models import State
from services.invitation_service.rules import Chart, LiveInvitation, Organization, Person

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
    return {invitation.id for invitation in rules.no_longer_due(known, changed)}


def test_with_the_patients_death_all_invitations_to_the_chart_fall() -> None:
    assert fallen(chart(), {"p-1": replace(PATIENT, deceased=True)}) == {PATIENTS, GUARDIANS}


@pytest.mark.parametrize(
    "now",
    [
        replace(GUARDIAN, ended=True),
        replace(GUARDIAN, relationship=Relationship.FRIEND),
        replace(GUARDIAN, relationship=Relationship.GUARANTOR),
        replace(GUARDIAN, email="lucia@sunrise.example"),
        replace(GUARDIAN, email="not an address"),
        replace(GUARDIAN, email=None),
    ],
)
def test_an_invitation_falls_with_what_it_was_issued_for(now: Person) -> None:
    assert fallen(chart(), {"g-1": now}) == {GUARDIANS}


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
