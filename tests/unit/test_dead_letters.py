"""Dead letters without a Kafka: how they are read, grouped, planned and shown."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import ConsumerRecord
from typer.testing import CliRunner, Result

from chassis.dead_letters import KEPT_KEY_BYTES
from cli.main import app
from contracts.chart import InviteRequested, InviteRequestedData
from contracts.envelope import MAX_EVENT_BYTES, Invitee
from contracts.invitations import InvitationIssued
from contracts.scopes import Role
from services.ops_console import payloads, replay_plan
from services.ops_console.grouping import groups_of
from services.ops_console.letter_history import history_of
from services.ops_console.letters import Letter, Place, State, letters_in
from tests.contract.schema_files import committed

TOPIC = "chart.invites.v1"
KEY = b"sunrise/c-1/p-1"
FAILED_AT = datetime(2020, 3, 2, 9, 30, tzinfo=UTC)


def record(at: int, key: bytes | None = KEY, value: bytes = b"", /, **headers: str) -> Any:
    """Return a record of a topic of dead letters."""
    encoded = tuple((name, text.encode()) for name, text in headers.items())
    return ConsumerRecord(
        f"{TOPIC}.dlq", 0, at, 0, 0, key, value, None, len(key or b""), len(value), encoded
    )


def failed(
    offset: int, source: int = 0, key: bytes = KEY, value: bytes = b"{}", **headers: str
) -> Any:
    """Return a dead letter's record; `source` is where the consumer read it."""
    usual = {
        "reason": "handler_failed",
        "detail": "ValueError",
        "consumer": "invitation_service",
        "topic": TOPIC,
        "partition": "3",
        "offset": str(source),
        "failed_at": (FAILED_AT + timedelta(minutes=offset)).isoformat(),
    }
    return record(offset, key, value, **usual | headers)


def resolved(offset: int, which: int, state: str = "replayed", why: str = "mended") -> Any:
    """Return a resolution's record."""
    at = (FAILED_AT + timedelta(hours=1)).isoformat()
    return record(offset, resolves=f"0:{which}", resolution=state, by="cli:ana", at=at, why=why)


async def plan(chosen: list[Letter], letters: list[Letter]) -> replay_plan.Plan:
    """Plan a replay to a topic that is not compacted: Kafka is not asked."""
    return await replay_plan.plan("127.0.0.1:1", chosen, letters)


def test_a_dead_letter_knows_what_became_of_it() -> None:
    first, second, third = letters_in(
        [failed(0), failed(1), resolved(2, 0), failed(3), resolved(4, 3, "discarded")]
    )
    assert [each.state for each in (first, second, third)] == ["replayed", "open", "discarded"]
    assert first.id == f"{TOPIC}/0/0"
    assert (first.resolutions[0].by, first.resolutions[0].why) == ("cli:ana", "mended")


def test_what_was_decided_first_holds() -> None:
    (letter,) = letters_in([failed(0), resolved(1, 0), resolved(2, 0, "discarded")])
    assert letter.state is State.REPLAYED
    assert len(letter.resolutions) == 2


def test_a_record_of_neither_kind_is_left_out() -> None:
    assert letters_in([record(0, KEY, b"what is this"), resolved(1, 0)]) == []


def test_groups_are_by_topic_consumer_and_reason_with_counts_and_times() -> None:
    letters = letters_in(
        [
            failed(0),
            failed(1, reason="malformed"),
            failed(2),
            failed(3, consumer="chart_service"),
            resolved(4, 0),
        ]
    )
    groups = groups_of(letters)
    assert [(group.consumer, group.reason) for group in groups] == [
        ("chart_service", "handler_failed"),
        ("invitation_service", "handler_failed"),
        ("invitation_service", "malformed"),
    ]
    assert groups[1].states == {State.OPEN: 1, State.REPLAYED: 1}
    assert groups[1].last_at - groups[1].first_at == timedelta(minutes=2)


def test_the_history_of_an_event_tells_each_failure_and_each_decision() -> None:
    letters = letters_in([failed(0), failed(1, value=b"[]"), resolved(2, 0), failed(90)])
    steps = history_of(letters[0], letters)
    assert [(step.what, step.by) for step in steps] == [
        ("failed", "invitation_service"),
        ("replayed", "cli:ana"),
        ("failed", "invitation_service"),
    ]


async def test_a_replay_goes_in_the_order_of_the_topic_and_not_of_the_failures() -> None:
    letters = letters_in([failed(0, source=9), failed(1, source=4), failed(2, source=7)])
    found = await plan(letters, letters)
    assert [letter.source.offset for letter in found.ready] == [4, 7, 9]


async def test_another_consumers_dead_letter_of_the_event_is_replayed_with_it() -> None:
    letters = letters_in([failed(0), failed(1, consumer="chart_service"), failed(2, source=1)])
    found = await plan(letters[:1], letters)
    assert found.ready == letters[:2]


@pytest.mark.parametrize(
    ("letter", "why"),
    [
        (failed(0, truncated_from_bytes="3000000"), "Only its beginning was kept"),
        (failed(0, key=b"k" * KEPT_KEY_BYTES), "Only its beginning was kept"),
        (failed(0, value=b"x" * (MAX_EVENT_BYTES + 1)), "no consumer takes more than 262,144"),
    ],
)
async def test_what_no_consumer_could_take_is_not_replayed(letter: Any, why: str) -> None:
    letters = letters_in([letter])
    found = await plan(letters, letters)
    assert found.ready == []
    assert why in found.refused[0][1]


async def test_it_is_said_when_consumers_may_have_forgotten_an_event() -> None:
    old, new = letters_in([failed(0), failed(1, failed_at=datetime.now(UTC).isoformat())])
    assert "1 failed more than 45 days ago" in (await plan([old], [old])).warnings[0]
    assert (await plan([new], [new])).warnings == []


async def test_it_is_said_when_older_events_of_the_key_stay_behind() -> None:
    now = datetime.now(UTC).isoformat()
    letters = letters_in([failed(each, source=each, failed_at=now) for each in range(3)])
    assert (await plan(letters[1:], letters)).warnings == [
        "Older dead letters of the same keys stay open: 1."
    ]
    assert (await plan(letters[:1], letters)).warnings == []


def issued() -> dict[str, Any]:
    """Return an event with all that is sealed or personal."""
    example: dict[str, Any] = committed(InvitationIssued)["examples"][0]
    return example


def test_a_payload_is_shown_without_what_is_sealed_or_personal() -> None:
    event = issued()
    shown = payloads.view(json.dumps(event).encode(), reveal=False)
    hidden = {"sealed_token": "(sealed)", "email": "(e-mail address)", "given_name": "(name)"}
    assert shown == event | {"data": event["data"] | hidden}


def test_revealed_it_still_keeps_what_is_sealed() -> None:
    event = issued()
    shown = payloads.view(json.dumps(event).encode(), reveal=True)
    assert shown == event | {"data": event["data"] | {"sealed_token": "(sealed)"}}


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"mail": "ana@sunrise.example"}},
        {"data": {"message": "write to ana@sunrise.example."}},
        {"data": {"ana@sunrise.example": 1}},
        {"data": {"sex": "ana@sunrise.example"}, "type": ["ana@sunrise.example"]},
    ],
)
def test_an_address_is_found_wherever_it_is(body: dict[str, Any]) -> None:
    assert "ana@" not in json.dumps(payloads.view(json.dumps(body).encode(), reveal=False))
    assert "ana@" in json.dumps(payloads.view(json.dumps(body).encode(), reveal=True))


def test_what_no_contract_knows_of_is_not_shown() -> None:
    body = json.dumps({"id": str(uuid4()), "diagnosis": "F10.2"}).encode()
    assert payloads.view(body, reveal=False)["diagnosis"] == payloads.UNKNOWN
    assert payloads.view(body, reveal=True)["diagnosis"] == "F10.2"


def test_what_is_no_json_is_shown_on_demand_alone() -> None:
    raw = b'{"email": "ana@sunrise.example", "sealed_token": "c2VhbGVk", \x1b[2J'
    assert payloads.view(raw, reveal=False) == f"(no JSON, {len(raw)} bytes)"
    revealed = payloads.view(raw, reveal=True)
    assert "ana@sunrise.example" in revealed
    assert "c2VhbGVk" not in revealed
    assert "\x1b" not in revealed


def test_nothing_that_is_shown_steers_a_terminal() -> None:
    assert payloads.masked("sunrise\x1b[2J/\u202e") == "sunrise\\x1b[2J/\\u202e"


def test_a_payload_says_which_event_it_is() -> None:
    invitee = Invitee(organization="sunrise", chart="c-1", person="p-1")
    event = InviteRequested.of(InviteRequestedData(invitee=invitee, role=Role.PATIENT))
    assert payloads.name_of(event.model_dump_json().encode()) == "InviteRequested"
    for other in (b"", b"[]", b'{"type": 7}', b'{"type": "portico.New.v1"}', b"[" * 100_000):
        assert payloads.name_of(other) is None


def dlq(*arguments: str) -> Result:
    """Run the command where no Kafka is."""
    nowhere = {"PORTICO_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"}
    return CliRunner().invoke(app, ["dlq", *arguments], env=nowhere)


def test_kafka_being_away_is_said_with_what_to_do() -> None:
    result = dlq("list")
    assert result.exit_code == 1
    assert "Kafka at 127.0.0.1:1 does not answer" in result.stderr
    assert "again when it is back" in result.stderr


def test_a_topic_that_there_is_not_is_said() -> None:
    result = dlq("list", "--topic", "chart.invoices.v1")
    assert result.exit_code == 1
    assert "There is no topic chart.invoices.v1." in result.stderr


def test_a_place_is_written_as_people_give_it() -> None:
    assert str(Place(TOPIC, 0, 17)) == f"{TOPIC}/0/17"
