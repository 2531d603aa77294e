"""What a developer of another system finds in contracts/schemas is valid, true and lasting."""

from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cli import schemas
from contracts.chart import InviteRequested
from contracts.envelope import CloudEvent
from tests.contract.compatibility import breaks
from tests.contract.schema_files import EVENTS, accepted, committed, released

every_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)


def problems(event: type[CloudEvent], value: object) -> list[str]:
    """Return what the committed schema has against a value."""
    validator = Draft202012Validator(
        committed(event), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def is_accepted_by_us(event: type[CloudEvent], value: object) -> bool:
    """Tell whether our consumers take a value."""
    try:
        event.model_validate(value)
    except ValueError:
        return False
    return True


def test_the_files_are_up_to_date() -> None:
    stale = schemas.stale()
    assert not stale, f"run `portico schemas` (or python -m cli.schemas) and commit: {stale}"


def test_rendering_twice_gives_the_same_bytes() -> None:
    assert schemas.render() == schemas.render()


@every_event
def test_a_schema_is_valid_json_schema(event: type[CloudEvent]) -> None:
    Draft202012Validator.check_schema(committed(event))


@every_event
def test_a_schema_alone_says_where_and_how_to_publish(event: type[CloudEvent]) -> None:
    schema = committed(event)
    assert schema["$id"] == f"urn:portico:schema:{event.name}:v{event.version}"
    assert schema["x-kafka-topic"] in schema["description"]
    assert f"the event's subject, {schema['x-kafka-key']}" in schema["description"]


@every_event
def test_the_example_is_what_schema_and_services_accept(event: type[CloudEvent]) -> None:
    [example] = committed(event)["examples"]
    assert problems(event, example) == []
    assert event.model_validate(example).dataschema == committed(event)["$id"]


@every_event
def test_what_we_publish_fits_the_schema(event: type[CloudEvent]) -> None:
    [example] = committed(event)["examples"]
    published = event.of(event.model_validate(example).data)
    assert problems(event, published.model_dump(mode="json")) == []


@every_event
def test_without_a_required_field_neither_schema_nor_services_accept_it(
    event: type[CloudEvent],
) -> None:
    schema = committed(event)
    for name in schema["required"]:
        incomplete = {k: v for k, v in schema["examples"][0].items() if k != name}
        assert problems(event, incomplete), name
        assert not is_accepted_by_us(event, incomplete), name


WRONG: dict[str, dict[str, Any]] = {
    "a time that is none": {"time": "yesterday"},
    "a time without a zone": {"time": "2026-03-02T09:30:00"},
    "an id that is no UUID": {"id": "17"},
    "another version of CloudEvents": {"specversion": "0.3"},
    "another type": {"type": "portico.InviteRequested.v2"},
    "a subject that is no key": {"subject": "p-2001"},
    "no data": {"data": None},
    "a role that nobody has": {
        "data": {
            "invitee": {"organization": "sunrise", "chart": "c-1001", "person": "p-2001"},
            "role": "friend",
        }
    },
    "an id that would break the key": {
        "data": {
            "invitee": {"organization": "sunrise", "chart": "c/1", "person": "p-2001"},
            "role": "guardian",
        }
    },
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_schema_and_services_refuse_the_same(wrong: dict[str, Any]) -> None:
    value = deepcopy(committed(InviteRequested)["examples"][0]) | wrong
    assert problems(InviteRequested, value)
    assert not is_accepted_by_us(InviteRequested, value)


@every_event
def test_what_was_accepted_once_is_accepted_still(event: type[CloudEvent]) -> None:
    once = accepted(event)
    assert {"full", "minimal"} <= once.keys(), f"add both to accepted/{event.name}.v1/"
    for name, value in once.items():
        assert problems(event, value) == [], name
        assert is_accepted_by_us(event, value), name


@every_event
def test_no_change_breaks_those_who_know_the_released_schema(event: type[CloudEvent]) -> None:
    found = breaks(released(event), committed(event))
    assert not found, f"make a version 2 of {event.name} instead (docs/contracts.md): {found}"
