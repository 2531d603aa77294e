"""In a narrow terminal what the commands print folds, and every time in it stays whole."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from chassis.records import Record
from cli import dead_letter_views, event_views, knowledge, trace
from cli.terminal import console, print_folded
from services.ops_console.event_pages import Page
from services.ops_console.event_rows import Row
from services.ops_console.grouping import groups_of
from services.ops_console.letters import Letter, Place
from services.ops_console.stories import Story
from services.ops_console.timelines import Step

AT = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
KEY = "sunrise-recovery-center-north/8f14e45f-ceea-467f-a0e6-1a2b3c4d5e6f/p-1"
PLACE = Place("invitation.lifecycle.v1", 3, 1_234_567)
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*")


@pytest.fixture(params=[60, 80])
def width(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> int:
    """Be a terminal of so many columns."""
    columns: int = request.param
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setattr(console, "width", columns)
    return columns


def folded(printed: str, width: int) -> str:
    """Check that no line is too long; return the text as if none had been folded."""
    lines = printed.splitlines()
    assert max(map(len, lines)) <= width
    return re.sub(r"\s+", " ", printed)


def times_in(printed: str) -> list[str]:
    """Return the times that stand in one line each."""
    return [found for line in printed.splitlines() for found in TIME.findall(line)]


def test_a_trace_tells_all_of_each_step_at_its_whole_time(
    width: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def step(event: str, detail: str, seconds: float) -> Step:
        at = AT + timedelta(seconds=seconds)
        return Step(at, event, str(uuid4()), KEY, None, detail, PLACE, trace_id="4bf9" * 8)

    detail = "guardian, relationship_not_eligible"
    steps = [
        (step("InviteRequested", "guardian", 0), 0.0),
        (step("InvitationReminderIssued", detail, 259_200), 259_200.0),
    ]
    late = "No InvitationReminderSent 3,600 s after InvitationReminderIssued."
    trace.show(Story(None, "sunrise/c-1/p-1", steps, [late]), "a•••@e•••.org")
    printed = capsys.readouterr().out
    assert times_in(printed) == ["2026-03-02 09:30:15", "2026-03-05 09:30:15"]
    text = folded(printed, width)
    for part in (f"InvitationReminderIssued: {detail}", "259,200.000 s", late, "4bf9" * 8):
        assert part in text


def test_what_services_know_is_told_with_every_time_whole(
    width: int, capsys: pytest.CaptureFixture[str]
) -> None:
    # Behind words of any length, so that some lines end just within the time.
    details = [f"{'x' * length} expires 2026-03-09 09:30, reminded" for length in range(1, 30)]
    records = [
        Record(what="Invitation as guardian", state="open", at=AT, detail=detail)
        for detail in details
    ]
    knowledge.show({"sunrise/c-1/p-1": {"invitation_service": records, "portal_access": None}})
    printed = capsys.readouterr().out
    assert times_in(printed).count("2026-03-09 09:30,") == len(details)
    assert times_in(printed).count("2026-03-02 09:30:15") == len(details)
    text = folded(printed, width)
    assert all(f"Invitation as guardian: open, {detail}" in text for detail in details)
    assert "portal_access did not tell what it knows." in text


def test_events_are_listed_with_whole_times(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    page = Page([Row(PLACE, AT, "InvitationReminderIssued", KEY, 1203)], {}, {}, {})
    event_views.print_page(event_views.page_as_json(page))
    printed = capsys.readouterr().out
    assert times_in(printed) == ["2026-03-02T09:30:15.123456+00:00"]
    text = folded(printed, width)
    for part in (str(PLACE), "InvitationReminderIssued", "1,203"):
        assert part in text
    assert KEY in text.replace(" ", "")  # it is longer than a line


def test_dead_letters_are_listed_with_whole_times(
    width: int, capsys: pytest.CaptureFixture[str]
) -> None:
    letters = [
        Letter(PLACE, PLACE, KEY.encode(), b"{}", f"{number}", "", "portal_access", AT, None, ())
        for number in range(1, 5)
        for _ in range(10**number)
    ]
    dead_letter_views.print_list(groups_of(letters), letters[:1])
    printed = capsys.readouterr().out
    assert times_in(printed) == ["2026-03-02 09:30:15"] * 8
    text = folded(printed, width)
    assert "10,000 open; 2026-03-02 09:30:15 to 2026-03-02 09:30:15 UTC" in text
    assert f" {PLACE} open 1 " in text


def test_in_a_pipe_nothing_is_folded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console, "width", 20)
    print_folded("2026-03-02 09:30:15  InvitationRejected: guardian", indent=21)
    assert capsys.readouterr().out.count("\n") == 1
