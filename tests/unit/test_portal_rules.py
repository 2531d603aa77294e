"""The portal's decisions."""

import pytest

from contracts.scopes import Role, scopes_of
from services.portal_access import rules

TOKEN = "kZ3_q-x0aBcDeFgHiJkLmNoPqRsTuVwXyZ012345678"


@pytest.mark.parametrize(
    "pasted",
    [TOKEN, f"  {TOKEN}\r\n", f"#{TOKEN}", f"https://portal.example/accept#{TOKEN}"],
)
def test_the_code_is_found_in_whatever_was_pasted(pasted: str) -> None:
    assert rules.token_in(pasted) == TOKEN


@pytest.mark.parametrize(
    "pasted", ["", "#", "short", f"{TOKEN} {TOKEN}", f"{TOKEN}é", "https://portal.example/accept"]
)
def test_what_cannot_be_a_code_is_none(pasted: str) -> None:
    assert rules.token_in(pasted) is None


def test_two_spellings_of_an_address_are_one() -> None:
    assert rules.email_key(" Ana@Sunrise.Example\n") == rules.email_key("ana@sunrise.example")


def test_what_no_address_holds_does_not_reach_the_database() -> None:
    assert rules.email_key("ana\x00@sunrise.example") == "ana@sunrise.example"


def test_each_role_has_the_sections_of_the_role_table() -> None:
    everything = [
        "Dashboard",
        "My Information",
        "My Appointments",
        "My Documents",
        "My Treatment Plans",
        "My Medications",
        "My Files",
        "My Account",
    ]
    not_for_guarantors = {"My Information", "My Appointments", "My Medications"}
    assert rules.sections_of(scopes_of(Role.PATIENT)) == everything
    assert rules.sections_of(scopes_of(Role.GUARDIAN)) == everything
    assert rules.sections_of(scopes_of(Role.GUARANTOR)) == [
        section for section in everything if section not in not_for_guarantors
    ]


def test_messages_do_not_show_while_no_organisation_can_turn_them_on() -> None:
    assert "messages" in scopes_of(Role.PATIENT)
    assert rules.sections_of(["messages"]) == []


def test_a_part_of_a_section_does_not_open_a_section_that_needs_more() -> None:
    assert rules.sections_of(["information.gender_identity"]) == []


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_its_words(role: Role) -> None:
    assert rules.role_in_words(role)
