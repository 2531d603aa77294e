"""What counts of several events about an invitation, whatever the order in which the news comes.

Order holds within a topic only, so each state has a rank: lower-ranking news changes nothing.
"""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from services.chart_service.alert_news import News
from services.chart_service.models import AlertState

RANK = {
    AlertState.ASKED: 0,
    AlertState.REQUESTED: 1,
    AlertState.ISSUED: 2,
    AlertState.SENT: 3,
    AlertState.BOUNCED: 4,
    AlertState.REMINDED: 5,
    AlertState.OPENED: 6,
    AlertState.LOCKED: 7,
    AlertState.REJECTED: 8,
    AlertState.SUPERSEDED: 8,
    AlertState.REVOKED: 8,
    AlertState.EXPIRED: 8,
    AlertState.ACCEPTED: 9,
    AlertState.CLEARED: 10,
}
"""An invitation that was opened and of which its invitee was reminded counts as opened.

That its invitee asks for a new one is kept beside the state (`asked_at`), which it does not change.
"""


def merge(news: Iterable[News]) -> list[News]:
    """Return one piece of news per invitation: the highest-ranking, with what the others add."""
    merged: dict[tuple[str, UUID], News] = {}
    for new in news:
        key = (new.organization_id, new.invitation_id)
        known = merged.get(key)
        merged[key] = new if known is None else _higher(known, new)
    return [merged[key] for key in sorted(merged)]


def _higher(one: News, other: News) -> News:
    winner = other if RANK[other.state] > RANK[one.state] else one
    asked = [news.asked_at for news in (one, other) if news.asked_at]
    return replace(
        winner,
        requested_at=one.requested_at or other.requested_at,
        asked_at=max(asked, default=None),
    )
