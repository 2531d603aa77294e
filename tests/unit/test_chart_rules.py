"""Who may be invited, who sees what, and what an import changes."""

from datetime import date
from typing import Any

import pytest

from contracts.chart import Relationship
from contracts.scopes import Role
from services.chart_service import rules
from services.chart_service.models import Organization, Person
from services.chart_service.pages import forms


def organization(*, portal_enabled: bool = True) -> Organization:
    return Organization(
        id="o", name="S", phone="1", portal_enabled=portal_enabled, invitation_days=7
    )


def person(relationship: str = "Patient", **changes: Any) -> Person:
    fields = {"given_name": "Ana", "family_name": "Lopez", "email": "ana@sunrise.example"}
    where = {"organization_id": "o", "chart_id": "c", "id": "p"}
    return Person(**where | fields | {"relationship": relationship} | changes)


def reason(who: Person, patient: Person | None = None, *, portal_enabled: bool = True) -> str:
    found = rules.refusal(organization(portal_enabled=portal_enabled), patient or person(), who)
    return found.code if found else "invited"


@pytest.mark.parametrize("relationship", Relationship)
def test_only_the_patient_guardians_and_guarantors_are_invited(relationship: Relationship) -> None:
    eligible = {Relationship.PATIENT, Relationship.GUARDIAN, Relationship.GUARANTOR}
    expected = "invited" if relationship in eligible else "relationship_not_eligible"
    assert reason(person(relationship)) == expected


def test_each_obstacle_has_its_reason() -> None:
    guardian = person("Guardian")
    assert reason(guardian, portal_enabled=False) == "portal_off"
    assert reason(guardian, person(deceased=True)) == "patient_deceased"
    assert reason(person("Guardian", ended=True)) == "relationship_ended"
    assert reason(person(email=None)) == "email_missing"
    assert reason(person(email="ana@nowhere")) == "email_invalid"
    assert reason(person(email="josé@sunrise.example")) == "email_invalid"


def test_a_friend_is_told_apart_in_words() -> None:
    found = rules.refusal(organization(), person(), person("Friend"))
    assert found is not None
    assert found.sentence.endswith("This contact is recorded as “Friend”.")


def test_the_confirmed_address_must_be_the_one_on_file() -> None:
    assert rules.refusal_of_address(person(), None) is None
    assert rules.refusal_of_address(person(), " ana@sunrise.example ") is None
    changed = rules.refusal_of_address(person(), "old@sunrise.example")
    assert changed is not None
    assert changed.code == "email_changed"


def test_access_ends_with_the_relationship() -> None:
    assert rules.has_access(person("Guardian"), Role.GUARDIAN)
    assert not rules.has_access(person("Guardian", ended=True), Role.GUARDIAN)
    assert not rules.has_access(person("Guardian"), Role.GUARANTOR)
    assert not rules.has_access(person("Friend"), Role.GUARDIAN)
    assert not rules.has_access(None, Role.PATIENT)


BUNDLE = {"given_name": "Ana", "birth_date": date(1990, 5, 1), "phone": "1", "email": None}


def test_importing_the_same_bundle_again_undoes_nothing_that_staff_entered() -> None:
    first = rules.changed_by_import(None, BUNDLE)
    edited = rules.changed_by_entry(first, {"phone": "2", "email": "ana@sunrise.example"})
    assert rules.changed_by_import(edited, BUNDLE) == edited


def test_what_is_new_in_a_bundle_is_taken() -> None:
    first = rules.changed_by_import(None, BUNDLE)
    edited = rules.changed_by_entry(first, {"phone": "2"})
    later = rules.changed_by_import(edited, BUNDLE | {"phone": "3"})
    assert later["phone"] == "3"
    assert later["birth_date"] == date(1990, 5, 1)


def test_a_form_says_what_is_wrong_field_by_field() -> None:
    entered = {"given_name": "A" * 101, "phone": "1\x002", "email": "nowhere"}
    form = forms.read_person(entered, is_patient=False)
    assert [name for name, _ in form.errors] == [
        "given_name",
        "family_name",
        "phone",
        "relationship",
        "email",
    ]


def test_a_form_makes_no_second_patient() -> None:
    entered = {"given_name": "A", "family_name": "B", "relationship": "Patient"}
    assert forms.read_person(entered, is_patient=False).errors
