"""`portico events` and `portico trace` find an invitation; its address is shown for a reason."""

import json
from typing import Any

import pytest

from contracts.topics import CHART_INVITES, OPS_AUDIT
from tests.e2e.conftest import Center, Command

EMAIL = "ana@addresses.example"


@pytest.fixture
def key(center: Center) -> str:
    """The key of a patient who was invited."""
    patient = {"id": "p-1", "given_name": "Ana", "family_name": "Lopez", "email": EMAIL}
    center.has_charts([{"id": "c-1", "mrn": "m-1", "patient": patient}])
    assert center.invites("c-1", "p-1").is_success
    center.waits_for_alerts("c-1", "sent")
    return f"{center.id}/c-1/p-1"


def listed(portico: Command, topic: str, *options: str) -> list[dict[str, Any]]:
    """Return the events that a list has."""
    done = portico("events", "list", topic, *options, "--json")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["events"]
    return found


def newest_act(portico: Command) -> str:
    """Return the newest entry of the audit log, as it is shown."""
    newest, *_ = listed(portico, OPS_AUDIT.name)
    return portico("events", "show", newest["id"]).stdout


def test_an_event_is_found_by_its_key_and_shown_without_the_address(
    portico: Command, key: str
) -> None:
    [event] = listed(portico, CHART_INVITES.name, "--key", key)
    assert event["type"] == "InviteRequested"
    shown = portico("events", "show", event["id"], "--json")
    assert shown.returncode == 0
    assert key in shown.stdout
    assert EMAIL not in shown.stdout


def test_the_address_is_shown_to_who_says_why_and_that_is_written_down(
    portico: Command, key: str
) -> None:
    [event] = listed(portico, CHART_INVITES.name, "--key", key)
    refused = portico("events", "show", event["id"], "--reveal")
    assert refused.returncode == 1
    assert EMAIL not in refused.stdout
    shown = portico("events", "show", event["id"], "--reveal", "--why", f"asked for {key}")
    assert shown.returncode == 0
    assert EMAIL in shown.stdout
    act = newest_act(portico)
    assert event["id"] in act
    assert key in act


def test_a_trace_has_the_steps_and_what_the_services_know_now(portico: Command, key: str) -> None:
    done = portico("trace", key, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    [story] = told["invitations"]
    steps = [event["type"] for event in story["events"]]
    assert steps == ["InviteRequested", "InvitationIssued", "InvitationSent"]
    known = {
        record["what"]: record["state"] for found in told["known"][key].values() for record in found
    }
    assert known["Invitation as patient"] == "open"
    assert known["Mail: invitation"] == "sent"
    assert known["Alert on the facesheet"] == "sent"
    assert known["Directory"] == "pending"
    assert story["email"].startswith(f"{EMAIL[0]}•••@")
    assert EMAIL not in done.stdout
    assert "What the services know now of" in portico("trace", key).stdout


def test_a_trace_tells_the_address_to_who_says_why(portico: Command, key: str) -> None:
    refused = portico("trace", key, "--reveal")
    assert refused.returncode == 1
    assert "--why" in refused.stderr
    assert EMAIL not in refused.stdout
    told = portico("trace", key, "--reveal", "--why", f"no mail came, {key}")
    assert f"Goes to {EMAIL}" in told.stdout
    act = newest_act(portico)
    assert "no mail came" in act
    assert key in act


def test_what_is_no_topic_or_id_is_said(portico: Command) -> None:
    assert "There is no such topic" in portico("events", "list", "nonsense").stderr
    assert "is no id of an event" in portico("events", "show", "nonsense").stderr
