"""What the console's plots draw and say of the last hour."""

from datetime import UTC, datetime, timedelta

from aiokafka import TopicPartition

from services.ops_console.flow_history import History, Sample
from services.ops_console.hour import Hour, Point
from services.ops_console.offsets import Reading
from services.ops_console.plots import BOTTOM, LEFT, RIGHT, TOP, rows_of
from services.ops_console.service_metrics import Waiting

BEGIN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
AT = TopicPartition("chart.invites.v1", 0)


def point(second: float, lag: int | None, outbox: int = 0) -> Point:
    """Return a point with a group's lag; None while Kafka is away."""
    lags = {} if lag is None else {"g": lag}
    waiting = {"s": Waiting(outbox, 0.0, None)}
    return Point(BEGIN + timedelta(seconds=second), {}, lags, {}, waiting, None)


def test_one_point_is_no_plot() -> None:
    assert rows_of([]) == []
    assert rows_of([point(0, 5)]) == []


def test_a_line_runs_from_the_first_to_the_newest_point_below_the_greatest_value() -> None:
    [lag] = rows_of([point(0, 0), point(10, 30), point(20, 15)])[0].plots
    middle = (TOP + BOTTOM) / 2
    assert lag.lines == [
        f"{LEFT},{BOTTOM}.0 {(LEFT + RIGHT) // 2},{TOP}.0 {RIGHT},{middle:.1f}",
    ]
    assert (lag.name, lag.now, lag.greatest, lag.said) == ("g", "15", "30", ["0", "30", "15"])


def test_a_line_ends_where_nothing_was_known() -> None:
    hour = [point(0, 1), point(10, 1), point(20, None, 9), point(30, 1), point(40, 1)]
    rows = {row.title: row.plots for row in rows_of(hour)}
    [lag], [outbox] = rows["Lag: events that wait"], rows["Events in the outbox"]
    assert len(lag.lines) == 2
    assert lag.said[2] == "not known"
    assert (len(outbox.lines), outbox.greatest) == (1, "9")


def test_while_kafka_is_away_outboxes_are_noted_all_the_same() -> None:
    history, hour = History(), Hour()
    history.add(Sample(BEGIN, Reading({AT: 5}, {"g": {AT: 5}})))
    hour.add(history, {"s": Waiting(1, 0.0, None)})
    for second in range(1, 61):
        now = BEGIN + timedelta(seconds=second)
        hour.add_without_kafka(now, {"s": Waiting(second * 10, 1.0, None), "t": None})
    assert [one.waiting["s"].outbox for one in hour.points] == [1, 100, 200, 300, 400, 500, 600]
    assert hour.outboxes_before(BEGIN + timedelta(seconds=80)) == {"s": 200}
    assert hour.points[-1].lag == {}


def test_points_are_kept_for_an_hour() -> None:
    hour = Hour()
    for second in range(0, 7200, 10):
        hour.add_without_kafka(BEGIN + timedelta(seconds=second), {})
    assert hour.points[-1].at - hour.points[0].at == timedelta(hours=1)
