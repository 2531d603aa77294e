"""Which alerts a facesheet shows, and what news changes."""

from datetime import UTC, datetime
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.chart_service import alerts
from services.chart_service.alert_news import News
from services.chart_service.alert_ranks import RANK, merge
from services.chart_service.models import Alert, AlertState

INVITATION = UUID(int=1)


def at(hour: int) -> datetime:
    return datetime(2026, 3, 2, hour, tzinfo=UTC)


def news(state: AlertState, requested_at: datetime | None = None, **changes: Any) -> News:
    known = {"organization_id": "o", "chart_id": "c", "person_id": "p", "role": "patient"}
    what = {"state": state, "detail": None, "requested_at": requested_at, "updated_at": at(12)}
    return News(**known | what | {"invitation_id": INVITATION} | changes)


def alert(
    state: AlertState,
    hour: int = 9,
    person: str = "p",
    role: str = "patient",
    asked: int | None = None,
) -> Alert:
    return Alert(
        asked_at=at(asked) if asked else None,
        organization_id="o",
        invitation_id=uuid4(),
        chart_id="c",
        person_id=person,
        role=role,
        state=state,
        rank=RANK[state],
        requested_at=at(hour),
        updated_at=at(12),
    )


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_highest_ranking_news_wins_in_any_order(order: tuple[int, ...]) -> None:
    some = [news(AlertState.REQUESTED, at(9)), news(AlertState.SENT), news(AlertState.CLEARED)]
    [merged] = merge(some[i] for i in order)
    assert merged.state is AlertState.CLEARED
    assert merged.requested_at == at(9)


def test_news_of_one_invitation_in_two_organizations_stays_apart() -> None:
    merged = merge([news(AlertState.SENT), news(AlertState.ISSUED, organization_id="another")])
    assert [(one.organization_id, one.state) for one in merged] == [
        ("another", AlertState.ISSUED),
        ("o", AlertState.SENT),
    ]


@pytest.mark.parametrize("state", alerts.MESSAGES)
def test_a_facesheet_shows_what_staff_can_act_on(state: AlertState) -> None:
    assert len(alerts.shown([alert(state)])) == 1


@pytest.mark.parametrize("state", [state for state in AlertState if state not in alerts.MESSAGES])
def test_a_facesheet_hides_what_is_settled(state: AlertState) -> None:
    assert alerts.shown([alert(state)]) == []


def test_of_each_person_and_role_the_newest_invitation_counts() -> None:
    old = alert(AlertState.EXPIRED, hour=8)
    new = alert(AlertState.CLEARED, hour=9)
    other_role = alert(AlertState.SENT, hour=7, role="guarantor")
    other_person = alert(AlertState.SENT, hour=6, person="q")
    assert alerts.shown([old, other_person, new, other_role]) == [other_role, other_person]


def test_a_refused_request_does_not_hide_the_invitation_that_is_open() -> None:
    opened = alert(AlertState.SENT, hour=8)
    refused = alert(AlertState.REJECTED, hour=9)
    assert alerts.shown([opened, refused]) == [refused, opened]


def test_a_refused_request_is_forgotten_when_a_newer_one_went_through() -> None:
    refused = alert(AlertState.REJECTED, hour=8)
    assert alerts.shown([refused, alert(AlertState.CLEARED, hour=9)]) == []


def test_the_open_invitation_counts_whatever_an_emrs_clock_says() -> None:
    ended, replaced = alert(AlertState.EXPIRED, hour=11), alert(AlertState.SUPERSEDED, hour=12)
    still_open = alert(AlertState.SENT, hour=8)
    assert alerts.shown([ended, replaced, still_open]) == [still_open]


@pytest.mark.parametrize("state", [*AlertState])
def test_who_asks_for_a_new_invitation_is_shown_whatever_became_of_theirs(
    state: AlertState,
) -> None:
    asked = alert(state, asked=10)
    assert alerts.shown([asked]) == [asked]
    assert alerts.message_of(asked).startswith("The invitee asked for a new invitation")


def test_asking_is_answered_by_a_newer_invitation_but_not_by_a_refused_request() -> None:
    asked = alert(AlertState.EXPIRED, hour=8, asked=10)
    not_yet_known_to_be_over = alert(AlertState.OPENED, hour=8, asked=10)
    requested = alert(AlertState.REQUESTED, hour=11)
    assert alerts.shown([not_yet_known_to_be_over, requested]) == [requested]
    newer, refused = alert(AlertState.SENT, hour=11), alert(AlertState.REJECTED, hour=11)
    assert alerts.shown([asked, newer]) == [newer]
    assert alerts.shown([asked, refused]) == [refused, asked]


def test_asking_by_two_links_is_one_alert_and_dismissing_it_is_enough() -> None:
    first = alert(AlertState.SUPERSEDED, hour=7, asked=10)
    last = alert(AlertState.EXPIRED, hour=8, asked=11)
    assert alerts.shown([first, last]) == [last]
    last.dismissed_at = at(12)
    assert alerts.shown([first, last]) == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_asking_changes_no_state_whenever_it_is_heard_of(order: tuple[int, ...]) -> None:
    asked = news(AlertState.ASKED, asked_at=at(11))
    some = [news(AlertState.REQUESTED, at(9)), news(AlertState.EXPIRED), asked]
    [merged] = merge(some[i] for i in order)
    assert (merged.state, merged.asked_at) == (AlertState.EXPIRED, at(11))
