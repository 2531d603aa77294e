"""What a history of offsets says of the flow."""

import tracemalloc
from datetime import UTC, datetime, timedelta

from aiokafka import TopicPartition

from contracts.topics import TOPICS
from services.ops_console import words
from services.ops_console.flow_history import GroupOnTopic, History, Sample
from services.ops_console.hour import Hour
from services.ops_console.offsets import Reading
from services.ops_console.service_metrics import Waiting, waiting_in

BEGIN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FIRST, SECOND = TopicPartition("t", 0), TopicPartition("t", 1)


def history(*steps: tuple[int, int, int]) -> History:
    """Return a history of (second, end, committed) of one partition; the other stands still."""
    found = History()
    for second, end, done in steps:
        reading = Reading({FIRST: end, SECOND: 5}, {"g": {FIRST: done, SECOND: 5}})
        found.add(Sample(BEGIN + timedelta(seconds=second), reading))
    return found


def group(found: History) -> GroupOnTopic:
    [one] = found.groups()
    return one


def test_before_the_first_sample_nothing_is_said() -> None:
    assert History().groups() == []
    assert History().published_per_second("t") == 0


def test_rates_are_means_of_the_last_ten_seconds() -> None:
    found = history((0, 0, 0), (5, 100, 40), (10, 200, 100))
    assert found.published_per_second("t") == 20
    assert group(found).per_second == 10
    assert group(found).lag == 100


def test_a_group_that_is_through_waits_for_nothing_and_does_not_stall() -> None:
    one = group(history((0, 10, 10), (60, 10, 10)))
    assert (one.lag, one.waits_since, one.stalled_for) == (0, None, None)


def test_a_group_that_does_not_move_stalls_from_the_first_event_that_waits() -> None:
    one = group(history((0, 10, 10), (10, 11, 10), (20, 15, 10), (30, 15, 10)))
    assert one.stalled_for == timedelta(seconds=20)
    assert one.waits_since == BEGIN + timedelta(seconds=10)


def test_a_group_that_moves_slowly_is_late_and_does_not_stall() -> None:
    one = group(history((0, 100, 0), (10, 200, 50), (20, 300, 60)))
    assert one.stalled_for is None
    assert one.lag == 240
    assert one.waits_since == BEGIN


def test_one_partition_that_stands_still_is_late_though_others_are_new() -> None:
    found = History()
    for second, done in ((0, 0), (10, 50), (20, 100)):
        reading = Reading({FIRST: 100, SECOND: 3}, {"g": {FIRST: done, SECOND: 2}})
        found.add(Sample(BEGIN + timedelta(seconds=second), reading))
    assert group(found).waits_since == BEGIN


def test_an_hour_is_kept_thinned() -> None:
    found = history(*((second, second, second) for second in range(4000)))
    kept = found.samples
    assert kept[-1].at - kept[0].at <= timedelta(hours=1)
    assert kept[0].at > BEGIN
    assert len(kept) < 450


def test_an_hour_of_a_busy_flow_takes_little_memory() -> None:
    tracemalloc.start()
    found, hour = History(), Hour()
    for second in (*range(0, 3600, 10), *range(3600, 3660)):
        ends = {TopicPartition(t.name, p): second for t in TOPICS for p in range(t.partitions)}
        reading = Reading(ends, {group: dict(ends) for group in "abcd"})
        waiting = {service: Waiting(second, 1.0, None) for service in "abcdefgh"}
        found.add(Sample(BEGIN + timedelta(seconds=second), reading))
        hour.add(found, waiting)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(hour.points) > 350
    assert taken < 40 * 2**20


def test_what_waits_is_read_from_metrics() -> None:
    text = (
        "# TYPE portico_outbox_events gauge\nportico_outbox_events 7.0\n"
        "# TYPE portico_outbox_oldest_age_seconds gauge\nportico_outbox_oldest_age_seconds 2.5\n"
    )
    assert waiting_in(text) == Waiting(7, 2.5, None)
    assert waiting_in("") == Waiting(None, None, None)


def test_rates_and_spans_are_short() -> None:
    assert [words.rate(number) for number in (0, 0.44, 1203.2)] == ["0.0/s", "0.4/s", "1,203/s"]
    assert words.span(timedelta(seconds=185)) == "3 min 5 s"
