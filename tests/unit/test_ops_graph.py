"""The picture of the flow: its rates can be read, and stay where they are while they change."""

from itertools import combinations

from contracts.envelope import utc_now
from contracts.topics import TOPICS
from services.ops_console.flow import Flow, TopicFlow
from services.ops_console.flow_history import GroupOnTopic
from services.ops_console.graph import graph_of
from services.ops_console.rate_labels import Place

READERS = {
    "chart.invites.v1": ["chart_service", "invitation_service"],
    "chart.organizations.v1": ["invitation_service", "notification_service", "portal_access"],
    "chart.people.v1": ["invitation_service", "portal_access"],
    "chart.locations.v1": ["notification_service"],
    "chart.policies.v1": ["portal_access"],
    "chart.messages.v1": ["portal_access"],
    "invitation.lifecycle.v1": ["chart_service", "notification_service", "portal_access"],
    "notification.deliveries.v1": ["chart_service"],
    "portal.access.v1": ["chart_service", "invitation_service"],
    "portal.notices.v1": ["notification_service"],
}
WIDEST, HIGHEST = 60, 14
"""Of a rate as it is drawn: 12,345/s."""


def places(per_second: float) -> list[Place]:
    """Return where the rates stand when events flow so fast everywhere."""
    topics = [
        TopicFlow(
            topic.name,
            topic.publisher,
            per_second,
            0,
            0,
            [
                GroupOnTopic(group, topic.name, 0, per_second, None, None)
                for group in READERS.get(topic.name, [])
            ],
        )
        for topic in TOPICS
    ]
    return [place for _, place in graph_of(Flow(utc_now(), topics, {}, None, [])).arrows]


def test_no_rate_is_drawn_upon_another() -> None:
    for one, other in combinations(places(12_345), 2):
        assert abs(one.x - other.x) >= WIDEST or abs(one.y - other.y) >= HIGHEST


def test_rates_stay_where_they_are() -> None:
    assert places(0) == places(12_345)
