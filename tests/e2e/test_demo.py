"""`portico demo`, as `make demo` gives it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devstack.paths import temporary_folder
from tests.e2e.conftest import command_in

EVENTS = [
    "InviteRequested",
    "InvitationIssued",
    "InvitationSent",
    "InvitationOpened",
    "InvitationAccepted",
    "PortalAccessGranted",
    "FacesheetAlertCleared",
]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where the demo has to keep everything."""
    with temporary_folder() as made:
        yield made


@pytest.fixture(scope="module")
def shown(folder: Path) -> dict[str, Any]:
    """What the demo printed for programs, when it had succeeded."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TMPDIR", str(folder))
        done = command_in(folder)("demo", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_it_says_that_all_held(shown: dict[str, Any]) -> None:
    assert list(shown) == ["ok", "invitations", "refused"]
    assert shown["ok"] is True


def test_each_role_goes_from_the_request_to_the_granted_access(shown: dict[str, Any]) -> None:
    invitations = shown["invitations"]
    assert [each["role"] for each in invitations] == ["patient", "guardian", "guarantor"]
    for invitation in invitations:
        assert [event["type"] for event in invitation["events"]] == EVENTS
        assert all(event["ms_since_previous"] >= 0 for event in invitation["events"])


def test_the_alert_stands_until_the_invitation_is_accepted(shown: dict[str, Any]) -> None:
    for invitation in shown["invitations"]:
        assert invitation["alert_before"] == "Invitation mailed, waiting for acceptance."
        assert invitation["alert_after"] is None


def test_each_role_gets_its_scopes(shown: dict[str, Any]) -> None:
    patient, guardian, guarantor = (set(each["scopes"]) for each in shown["invitations"])
    assert {"information", "information.gender_identity"} <= patient
    assert "information" in guardian
    assert "information.gender_identity" not in guardian
    assert "dashboard" in guarantor
    assert "information" not in guarantor


def test_a_friend_and_a_patient_without_an_address_are_refused(shown: dict[str, Any]) -> None:
    reasons = [each["reason"] for each in shown["refused"]]
    assert reasons == ["relationship_not_eligible", "email_missing"]
    assert all(each["message"] for each in shown["refused"])


@pytest.mark.usefixtures("shown")
def test_nothing_is_left_behind(folder: Path) -> None:
    assert list(folder.iterdir()) == []
