"""The story of an invitation: what a step tells, and what is late."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from contracts.deliveries import InvitationBounced
from contracts.invitations import InvitationIssued, InvitationRejected
from services.ops_console.lateness import late_in
from services.ops_console.timelines import Step, step_of
from tests.contract.schema_files import committed

ISSUED_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def step(name: str, seconds: float) -> Step:
    at = ISSUED_AT + timedelta(seconds=seconds)
    return Step(at, name, f"e-{name}", "sunrise/c-1/p-1", "i-1", "")


def late(*steps: Step, after: float) -> list[str]:
    """Return what is late so many seconds after the first step."""
    return late_in(steps, ISSUED_AT + timedelta(seconds=after))


def test_a_mail_that_is_not_sent_after_a_minute_is_late() -> None:
    assert late(step("InvitationIssued", 0), after=60) == []
    assert late(step("InvitationIssued", 0), after=61) == [
        "No InvitationSent 61 s after InvitationIssued."
    ]


def test_a_mail_that_was_sent_late_is_told() -> None:
    steps = (step("InvitationIssued", 0), step("InvitationSent", 95))
    assert late(*steps, after=9000) == ["What follows InvitationIssued came only after 95 s."]


@pytest.mark.parametrize("end", ["InvitationBounced", "InvitationRevoked", "InvitationSuperseded"])
def test_no_mail_is_awaited_once_it_is_of_no_use(end: str) -> None:
    assert late(step("InvitationIssued", 0), step(end, 5), after=9000) == []


def test_after_acceptance_access_and_alert_are_awaited() -> None:
    steps = (step("InvitationAccepted", 0), step("PortalAccessGranted", 1))
    assert late(*steps, after=90) == ["No FacesheetAlertCleared 90 s after InvitationAccepted."]


def example(event: Any) -> bytes:
    return json.dumps(committed(event)["examples"][0]).encode()


def test_a_step_tells_role_and_reason_and_no_address() -> None:
    issued = step_of(example(InvitationIssued))
    assert issued
    assert issued.detail == "guardian"
    assert issued.invitation_id
    rejected = step_of(example(InvitationRejected))
    assert rejected
    assert rejected.detail == "guardian, relationship_not_eligible"
    bounced = step_of(example(InvitationBounced))
    assert bounced
    assert bounced.detail == "guardian, 550"


def test_an_address_in_a_foreign_event_is_not_told() -> None:
    event = json.loads(example(InvitationRejected))
    event["data"]["reason"] = "ana@sunrise.example"
    found = step_of(json.dumps(event).encode())
    assert found
    assert "ana@" not in found.detail


@pytest.mark.parametrize("value", [b"", b"[]", b"{}", b'{"type": "portico.InvitationIssued.v1"}'])
def test_what_is_no_event_is_no_step(value: bytes) -> None:
    assert step_of(value) is None


def test_an_event_of_another_kind_or_without_a_time_zone_is_no_step() -> None:
    event = json.loads(example(InvitationIssued))
    for changes in ({"type": "portico.New.v1"}, {"time": "2026-03-02T09:30:00"}):
        assert step_of(json.dumps(event | changes).encode()) is None


def test_neither_an_id_nor_a_person_is_said() -> None:
    nowhere = {"PORTICO_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"}
    result = CliRunner().invoke(app, ["trace", "nonsense"], env=nowhere)
    assert result.exit_code == 1
    assert "nonsense is neither an id" in result.stderr
