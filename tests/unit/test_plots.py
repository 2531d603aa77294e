"""Where values over time stand in a plot."""

from datetime import UTC, datetime
from decimal import Decimal

from chassis.web.plots import BOTTOM, TOP, plot


def on(day: int) -> datetime:
    return datetime(2026, 3, day, tzinfo=UTC)


def test_time_goes_right_and_greater_values_are_higher_up() -> None:
    newest_first = [(on(9), Decimal("9.5")), (on(5), Decimal(13)), (on(1), Decimal(18))]
    drawn = plot(newest_first)
    assert drawn
    (x1, y1), (x2, y2), (x3, y3) = drawn.points
    assert x1 < x2 < x3
    assert (y1, y3) == (TOP, BOTTOM)
    assert TOP < y2 < BOTTOM
    assert (drawn.low, drawn.high) == (Decimal("9.5"), Decimal(18))


def test_values_that_are_all_the_same_stand_in_the_middle() -> None:
    drawn = plot([(on(1), Decimal(7)), (on(2), Decimal(7))])
    assert drawn
    assert {y for _, y in drawn.points} == {(TOP + BOTTOM) // 2}


def test_one_value_is_no_line() -> None:
    assert plot([(on(1), Decimal(7))]) is None
    assert plot([]) is None
