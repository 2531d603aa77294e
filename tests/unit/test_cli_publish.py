"""`portico publish`: what is wrong with a file is said, and then nothing is sent."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.event_lines import Invalid, check
from cli.main import app
from contracts.chart import InviteRequested, InviteRequestedData
from contracts.envelope import MAX_EVENT_BYTES, Invitee
from contracts.scopes import Role

NOWHERE = "127.0.0.1:1"


def event(**changes: Any) -> dict[str, Any]:
    invitee = Invitee(organization="sunrise", chart="c-1", person="p-1")
    data = InviteRequestedData(invitee=invitee, role=Role.PATIENT, email="ana@sunrise.example")
    made: dict[str, Any] = InviteRequested.of(data).model_dump(mode="json")
    return made | changes


def line(**changes: Any) -> bytes:
    return json.dumps(event(**changes)).encode()


def publish(file: Path, *options: str) -> Result:
    arguments = ["publish", str(file), "--bootstrap-servers", NOWHERE, *options]
    return CliRunner().invoke(app, arguments)


def test_the_key_of_a_valid_event_is_its_subject() -> None:
    assert check(1, line() + b"\r\n") == "sunrise/c-1/p-1"


def test_an_event_of_another_emr_may_leave_out_what_is_optional() -> None:
    foreign = event()
    for name in ("datacontenttype", "dataschema", "traceparent"):
        del foreign[name]
    assert check(1, json.dumps(foreign).encode()) == "sunrise/c-1/p-1"


def test_an_empty_line_is_no_event_and_no_mistake() -> None:
    assert check(3, b"  \n") is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"not json", "Invalid JSON"),
        (b"[1]", "Input should be an object"),
        (b"{}", "type: must be portico.InviteRequested.v1 or portico.RevokeRequested.v1"),
        (line(type="portico.InviteRequested.v2"), "type: must be portico.InviteRequested.v1"),
        (line(type="portico.PersonChanged.v1"), "type: must be portico.InviteRequested.v1"),
        (line(subject="sunrise/c-1/p-2"), "the subject must be 'sunrise/c-1/p-1'"),
        (line(id="7"), "id: "),
        (line(time="2026-03-02T09:30:00"), "time: "),
        (line(data=event()["data"] | {"role": "friend"}), "data.role: "),
        (line(data={}), "data.invitee: Field required; data.role: Field required"),
        (line(more="x" * MAX_EVENT_BYTES), f"bytes, {MAX_EVENT_BYTES} are allowed"),
    ],
)
def test_a_bad_line_is_named_with_its_place_and_reason(content: bytes, reason: str) -> None:
    found = check(7, content)
    assert isinstance(found, Invalid)
    assert found.line == 7
    assert reason in found.reason


def test_a_reason_never_quotes_an_address() -> None:
    found = check(1, line(data=event()["data"] | {"email": ["ana@sunrise.example"]}))
    assert isinstance(found, Invalid)
    assert found.reason == "data.email: Input should be a valid string"


def test_one_bad_line_keeps_the_whole_file_from_being_sent(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(line() + b"\n\n{}\n" + line())
    result = publish(file, "--json")
    assert result.exit_code == 1
    [bad] = json.loads(result.stdout)["invalid"]
    assert bad["line"] == 3
    assert f"line 3: {bad['reason']}" in result.stderr
    assert json.loads(result.stdout)["published"] == 0


def test_kafka_being_away_is_said_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(line())
    result = publish(file)
    assert result.exit_code == 1
    assert f"Kafka at {NOWHERE} does not take the events" in result.stderr
    assert "Send the whole file again" in result.stderr


def test_without_a_stack_it_says_how_to_start_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTICO_HOME", str(tmp_path))
    monkeypatch.delenv("PORTICO_KAFKA_BOOTSTRAP_SERVERS", raising=False)
    file = tmp_path / "events.jsonl"
    file.write_bytes(line())
    result = CliRunner().invoke(app, ["publish", str(file)])
    assert result.exit_code == 1
    assert "portico up" in result.stderr
