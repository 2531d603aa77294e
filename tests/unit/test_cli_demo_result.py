"""`portico demo` succeeds only when all that it promises was seen."""

from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from cli.demo_result import (
    EXPECTED_EVENTS,
    AcceptedInvitation,
    DemoResult,
    RefusedInvitation,
    events_of,
    show,
)
from cli.timeline import Step
from contracts.scopes import Role, scopes_of

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def accepted(role: Role) -> AcceptedInvitation:
    steps = [
        Step(name, START + timedelta(milliseconds=12.34 * number), {})
        for number, name in enumerate(EXPECTED_EVENTS)
    ]
    return AcceptedInvitation(
        invitee=f"sunrise/c-1/{role}",
        role=role,
        events=events_of(steps),
        alert_before="Invitation mailed, waiting for acceptance.",
        alert_after=None,
        scopes=list(scopes_of(role)),
    )


@pytest.fixture
def result() -> DemoResult:
    reasons = ("relationship_not_eligible", "email_missing")
    return DemoResult(
        invitations=[accepted(role) for role in Role],
        refused=[
            RefusedInvitation(invitee="sunrise/c-1/p-9", reason=reason, message="Because.")
            for reason in reasons
        ],
    )


def test_all_held(result: DemoResult) -> None:
    assert result.problems() == []


def test_the_json_has_the_promised_shape(result: DemoResult) -> None:
    shown = result.as_json()
    assert list(shown) == ["ok", "invitations", "refused"]
    assert shown["ok"] is True
    invitation = shown["invitations"][0]
    names = ["invitee", "role", "events", "alert_before", "alert_after", "scopes"]
    assert list(invitation) == names
    assert invitation["events"][0] == {
        "type": "InviteRequested",
        "at": "2026-03-02T09:30:00+00:00",
        "ms_since_previous": 0.0,
    }
    assert invitation["events"][1]["ms_since_previous"] == 12.3
    assert list(shown["refused"][0]) == ["invitee", "reason", "message"]


def test_a_missing_event_is_noticed(result: DemoResult) -> None:
    result.invitations[1].events.pop(2)
    [problem] = result.problems()
    assert problem.startswith("guardian: the events are not InviteRequested")
    assert result.as_json()["ok"] is False


def test_events_in_another_order_are_noticed(result: DemoResult) -> None:
    result.invitations[0].events.reverse()
    assert len(result.problems()) == 1


def test_an_alert_that_never_stood_is_noticed(result: DemoResult) -> None:
    result.invitations[0].alert_before = None
    assert result.problems() == ["patient: no alert stood on the facesheet"]


def test_an_alert_that_stays_is_noticed(result: DemoResult) -> None:
    result.invitations[2].alert_after = "Invitation mailed, waiting for acceptance."
    assert result.problems() == ["guarantor: the alert is still on the facesheet"]


def test_one_scope_too_many_is_noticed(result: DemoResult) -> None:
    result.invitations[1].scopes.append("information.gender_identity")
    assert result.problems() == ["guardian: the scopes are not the role's"]


def test_a_missing_role_is_noticed(result: DemoResult) -> None:
    result.invitations.pop()
    assert len(result.problems()) == 1


def test_a_refusal_for_another_reason_is_noticed(result: DemoResult) -> None:
    result.refused[0].reason = "portal_off"
    assert len(result.problems()) == 1


def test_people_read_who_was_invited_and_who_was_not(result: DemoResult) -> None:
    console = Console(width=80)
    with console.capture() as shown:
        show(result, console)
    text = shown.get()
    assert "Guarantor: sunrise/c-1/guarantor" in text
    assert "12.3" in text
    assert "Alert after:  none" in text
    assert "Reason:  relationship_not_eligible" in text
