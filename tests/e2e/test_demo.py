"""`portico demo`, as make demo gives it."""

import json
from pathlib import Path

from tests.e2e.conftest import command_in

EVENTS = [
    "InviteRequested",
    "InvitationIssued",
    "InvitationSent",
    "InvitationAccepted",
    "PortalAccessGranted",
    "FacesheetAlertCleared",
]


def test_the_demo_shows_three_accepted_invitations_and_two_refused(tmp_path: Path) -> None:
    done = command_in(tmp_path)("demo", "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert list(shown) == ["ok", "invitations", "refused"]
    assert shown["ok"] is True
    invitations = shown["invitations"]
    assert [each["role"] for each in invitations] == ["patient", "guardian", "guarantor"]
    for invitation in invitations:
        assert [event["type"] for event in invitation["events"]] == EVENTS
        assert all(event["ms_since_previous"] >= 0 for event in invitation["events"])
        assert invitation["alert_before"] == "Invitation mailed, waiting for acceptance."
        assert invitation["alert_after"] is None
        assert "dashboard" in invitation["scopes"]
    assert "information.gender_identity" in invitations[0]["scopes"]
    assert "information.gender_identity" not in invitations[1]["scopes"]
    assert "information" not in invitations[2]["scopes"]
    reasons = [each["reason"] for each in shown["refused"]]
    assert reasons == ["relationship_not_eligible", "email_missing"]
    assert all(each["message"] for each in shown["refused"])


def test_the_demo_leaves_nothing_behind(tmp_path: Path) -> None:
    done = command_in(tmp_path)("demo")
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
    assert "Guarantor" in done.stdout
    assert "relationship_not_eligible" in done.stdout
