"""What the console says of what stalls, grows or is away."""

from datetime import UTC, datetime, timedelta

from services.ops_console import troubles
from services.ops_console.cluster import Cluster
from services.ops_console.flow_history import GroupOnTopic
from services.ops_console.service_metrics import Waiting

WELL = Cluster(frozenset({1, 2, 3}), frozenset(), 0, 0, {"notification_service": 2})
STALLED = GroupOnTopic(
    "notification_service", "t", 312, 0, datetime(2026, 3, 2, tzinfo=UTC), timedelta(seconds=40)
)


def test_nothing_is_said_when_all_is_well() -> None:
    fine = STALLED._replace(stalled_for=None)
    assert troubles.of_kafka(WELL, is_away=False) == []
    assert troubles.of_groups([fine], WELL) == []
    assert troubles.of_services({"a": Waiting(90, 0.5, 3, 0.0)}, {"a": 0}) == []


def test_a_broker_that_is_away_is_named() -> None:
    without = WELL._replace(brokers=frozenset({1, 3}), away=frozenset({2}), behind=80)
    assert troubles.of_kafka(without, is_away=False) == ["Broker 2 does not answer; 2 of 3 do."]
    alone = without._replace(leaderless=1)
    assert "1 partition has no leader: nothing can be published there." in troubles.of_kafka(
        alone, is_away=False
    )
    [first] = troubles.of_kafka(WELL, is_away=True)
    assert first.startswith("Kafka does not answer")
    back = WELL._replace(behind=2)
    assert troubles.of_kafka(back, is_away=False) == [
        "A copy of 2 partitions is behind and catches up."
    ]


def test_a_group_that_stalls_is_named_and_whether_anybody_is_in_it() -> None:
    said = "notification_service has not moved for 40 s; 312 events wait on t."
    assert troubles.of_groups([STALLED], None) == [said]
    assert troubles.of_groups([STALLED], WELL) == [said]
    nobody = WELL._replace(members={"notification_service": 0})
    assert troubles.of_groups([STALLED], nobody) == [said + " No instance of it is there."]


def test_an_outbox_that_stalls_or_grows_is_named_once_for_all_instances() -> None:
    stalls = {"a": Waiting(12, 75.0, None), "a-2": Waiting(12, 75.0, None), "b": None}
    assert troubles.of_services(stalls, {}) == [
        "b does not answer.",
        "a publishes nothing: 12 events in its outbox, the oldest for 1 min 15 s.",
    ]
    assert troubles.of_services({"a": Waiting(5000, 2.0, None)}, {"a": 1200}) == [
        "a publishes too slowly: its outbox grew from 1,200 to 5,000 events."
    ]


def test_mails_that_pile_up_are_named() -> None:
    assert troubles.of_services({"n": Waiting(0, 0.0, 312, 40.0)}, {}) == [
        "n is behind with its mails: 312 mails in its queue, the next due for 40 s."
    ]
