"""Which alerts a facesheet shows, and what news changes."""

from datetime import UTC, datetime
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from services.chart_service import alerts
from services.chart_service.alerts import RANK, News
from services.chart_service.models import Alert, AlertState

INVITATION = UUID(int=1)


def at(hour: int) -> datetime:
    return datetime(2026, 3, 2, hour, tzinfo=UTC)


def news(state: AlertState, requested_at: datetime | None = None, **changes: str) -> News:
    known = {"organization_id": "o", "chart_id": "c", "person_id": "p", "role": "patient"}
    return News(
        **known | changes,
        invitation_id=INVITATION,
        state=state,
        detail=None,
        requested_at=requested_at,
        updated_at=at(12),
    )


def alert(state: AlertState, hour: int = 9, person: str = "p", role: str = "patient") -> Alert:
    return Alert(
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
    [merged] = alerts.merge(some[i] for i in order)
    assert merged.state is AlertState.CLEARED
    assert merged.requested_at == at(9)


def test_news_of_one_invitation_in_two_organizations_stays_apart() -> None:
    merged = alerts.merge(
        [news(AlertState.SENT), news(AlertState.ISSUED, organization_id="another")]
    )
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
