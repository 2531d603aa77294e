"""The compatibility check itself: it sees each kind of break, and lets a contract grow."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from contracts.chart import InviteRequested, OrganizationChanged
from tests.contract.compatibility import breaks
from tests.contract.schema_files import released

Schema = dict[str, Any]
Change = Callable[[Schema], object]

INVITE = released(InviteRequested)
ORGANIZATION = released(OrganizationChanged)


def data(schema: Schema) -> Schema:
    """Return the schema of an InviteRequested's data."""
    found: Schema = schema["$defs"]["InviteRequestedData"]
    return found


def organization(schema: Schema) -> Schema:
    """Return the fields of an OrganizationChanged's data."""
    found: Schema = schema["$defs"]["OrganizationChangedData"]["properties"]
    return found


def email(schema: Schema) -> Schema:
    """Return the schema of an address that is there."""
    found: Schema = data(schema)["properties"]["email"]["anyOf"][0]
    return found


BREAKS_OF_INVITE: dict[str, tuple[Change, str]] = {
    "a new required field": (
        lambda s: data(s)["required"].append("language"),
        "data: language is required now",
    ),
    "an optional field that becomes required": (
        lambda s: data(s)["required"].append("email"),
        "data: email is required now",
    ),
    "a required field that becomes optional": (
        lambda s: data(s)["required"].remove("role"),
        "data: role was always there and is optional now",
    ),
    "a field that is gone": (
        lambda s: data(s)["properties"].pop("email"),
        "data: email is not there any more",
    ),
    "an enum value that is gone": (
        lambda s: s["$defs"]["Role"]["enum"].remove("guarantor"),
        "data/role: ['guarantor'] are accepted no more",
    ),
    "an enum where any text was accepted": (
        lambda s: email(s).update(enum=["a@example.org"]),
        "data/email: only ['a@example.org'] are accepted now, all values were",
    ),
    "null that is accepted no more": (
        lambda s: data(s)["properties"]["email"]["anyOf"].pop(1),
        "data/email: type was null and is string",
    ),
    "another type": (
        lambda s: email(s).update(type="integer"),
        "data/email: type was string and is integer",
    ),
    "a lower maxLength": (
        lambda s: email(s).update(maxLength=320),
        "data/email: maxLength was 1000 and is 320",
    ),
    "a maxLength where none was": (
        lambda s: s["$defs"]["Invitee"]["properties"]["chart"].update(maxLength=20),
        "data/invitee/chart: maxLength was None and is 20",
    ),
    "another pattern": (
        lambda s: s["$defs"]["Invitee"]["properties"]["chart"].update(pattern="^[a-z]+$"),
        "data/invitee/chart: pattern was ^[A-Za-z0-9._-]{1,64}$ and is ^[a-z]+$",
    ),
    "a format where none was": (
        lambda s: email(s).update(format="email"),
        "data/email: format was None and is email",
    ),
    "fields that must be known": (
        lambda s: data(s).update(additionalProperties=False),
        "data[additionalProperties]: only some are accepted now, all were",
    ),
    "a keyword that the check does not know": (
        lambda s: data(s).update(dependentRequired={"email": ["requested_by"]}),
        "data: dependentRequired was None and is {'email': ['requested_by']}",
    ),
    "another type name": (
        lambda s: s["properties"]["type"].update(const="portico.Invite.v1"),
        "type: ['portico.InviteRequested.v1'] are accepted no more",
    ),
    "another topic": (
        lambda s: s.update({"x-kafka-topic": "chart.invites.v2"}),
        "/: x-kafka-topic was 'chart.invites.v1' and is 'chart.invites.v2'",
    ),
}

BREAKS_OF_ORGANIZATION: dict[str, tuple[Change, str]] = {
    "a higher minimum": (
        lambda s: organization(s)["invitation_days"].update(minimum=2),
        "data/invitation_days: minimum was 1 and is 2",
    ),
    "a lower maximum": (
        lambda s: organization(s)["invitation_days"].update(maximum=30),
        "data/invitation_days: maximum was 60 and is 30",
    ),
    "a field inside an optional one": (
        lambda s: s["$defs"]["Logo"]["required"].append("alt"),
        "data/logo: alt is required now",
    ),
}

GROWTH: dict[str, Change] = {
    "nothing at all": lambda _: None,
    "a new optional field": lambda s: data(s)["properties"].update(language={"type": "string"}),
    "a new enum value": lambda s: s["$defs"]["Role"]["enum"].append("clinician"),
    "a higher maxLength": lambda s: email(s).update(maxLength=2000),
    "no maxLength any more": lambda s: email(s).pop("maxLength"),
    "a wider type": lambda s: email(s).update(type=["string", "integer"]),
    "no pattern any more": lambda s: s["$defs"]["Invitee"]["properties"]["chart"].pop("pattern"),
    "another description": lambda s: s.update(description="Something else."),
    "another alternative": lambda s: data(s)["properties"]["email"]["anyOf"].append(
        {"type": "array", "items": {"type": "string"}}
    ),
}


def changed(schema: Schema, change: Change) -> Schema:
    """Return a copy with a change."""
    copy = deepcopy(schema)
    change(copy)
    return copy


@pytest.mark.parametrize(("change", "sentence"), BREAKS_OF_INVITE.values(), ids=BREAKS_OF_INVITE)
def test_a_break_is_seen_and_named(change: Change, sentence: str) -> None:
    assert breaks(INVITE, changed(INVITE, change)) == [sentence]


@pytest.mark.parametrize(
    ("change", "sentence"), BREAKS_OF_ORGANIZATION.values(), ids=BREAKS_OF_ORGANIZATION
)
def test_a_break_of_numbers_and_optional_parts_is_seen(change: Change, sentence: str) -> None:
    assert breaks(ORGANIZATION, changed(ORGANIZATION, change)) == [sentence]


@pytest.mark.parametrize("change", GROWTH.values(), ids=GROWTH)
def test_a_contract_may_grow(change: Change) -> None:
    assert breaks(INVITE, changed(INVITE, change)) == []


def test_all_breaks_are_named_at_once() -> None:
    def three(schema: Schema) -> None:
        email(schema).update(maxLength=320, pattern="@")
        data(schema)["required"].append("language")

    assert breaks(INVITE, changed(INVITE, three)) == [
        "data: language is required now",
        "data/email: pattern was None and is @",
        "data/email: maxLength was 1000 and is 320",
    ]


def test_items_of_a_list_may_not_become_stricter() -> None:
    old = {"type": "array", "items": {"type": "string"}}
    new = {"type": "array", "items": {"type": "string", "maxLength": 5}}
    assert breaks(old, new) == ["/[items]: maxLength was None and is 5"]
    assert breaks(new, old) == []
    assert breaks({"type": "array"}, old) == ["/[items]: only some are accepted now, all were"]


def test_a_whole_number_is_still_a_number() -> None:
    assert breaks({"type": "integer"}, {"type": "number"}) == []
    assert breaks({"type": "number"}, {"type": "integer"}) != []
