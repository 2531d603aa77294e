"""The portal's decisions."""

from collections.abc import Sequence

import pytest

from contracts.scopes import Role, open_scopes, scopes_of
from services.portal_access import rules, sections

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


def sections_for(role: Role, off: Sequence[str] = ()) -> list[str]:
    scopes = open_scopes(scopes_of(role), off, messages_enabled=True)
    return [section.label for section in sections.open_to(scopes)]


def test_each_role_has_the_sections_of_the_role_table() -> None:
    everything = [
        "Dashboard",
        "My information",
        "My appointments",
        "My documents",
        "My treatment plans",
        "My medications",
        "My files",
        "My messages",
    ]
    not_for_guarantors = {"My information", "My appointments", "My medications"}
    assert sections_for(Role.PATIENT) == everything
    assert sections_for(Role.GUARDIAN) == everything
    assert sections_for(Role.GUARANTOR) == [
        section for section in everything if section not in not_for_guarantors
    ]


def test_messages_are_there_only_where_they_are_on() -> None:
    for role in Role:
        scopes = open_scopes(scopes_of(role), (), messages_enabled=False)
        assert sections.MESSAGES not in sections.open_to(scopes)


def test_a_section_that_is_switched_off_shows_to_nobody() -> None:
    shown = sections_for(Role.PATIENT, ["documents", "files"])
    assert {"My documents", "My files"}.isdisjoint(shown)
    assert "My medications" in shown


@pytest.mark.parametrize(
    ("terms", "privacy", "agreed"),
    [("2", "1", (2, 1)), ("9", "9", (3, 1)), ("", "x", (0, 0)), ("-1", "1" * 9, (0, 0))],
)
def test_nobody_agrees_to_a_version_that_there_is_not(
    terms: str, privacy: str, agreed: tuple[int, int]
) -> None:
    found = rules.agreement_in(terms, privacy).at_most(rules.Agreement(3, 1))
    assert (found.terms, found.privacy) == agreed


def test_a_part_of_a_section_does_not_open_a_section_that_needs_more() -> None:
    assert sections.open_to(["information.gender_identity"]) == []


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_its_words(role: Role) -> None:
    assert rules.role_in_words(role)
