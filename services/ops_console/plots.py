"""The last hour as rows of small plots, each of one thing, all over the same time."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from contracts.topics import TOPICS
from services.ops_console import words
from services.ops_console.hour import Point

LEFT, RIGHT, TOP, BOTTOM = 4, 316, 8, 72
"""The edges of the drawing between which a line runs."""

Value = float | None


class SmallPlot(NamedTuple):
    """One thing over the hour: its line, and its values in words."""

    name: str
    lines: list[str]
    """Points of polylines, in the drawing's units; where nothing was known a line ends."""
    said: list[str]
    """Each value in words; "not known" where it was not."""
    now: str
    greatest: str


class Row(NamedTuple):
    """Plots of one kind."""

    title: str
    plots: list[SmallPlot]

    @property
    def id(self) -> str:
        """Names the row in the page, whichever rows come before it."""
        return re.sub(r"\W+", "-", self.title.lower())


Pick = Callable[[Point], Value]


def rows_of(hour: Sequence[Point]) -> list[Row]:
    """Return the rows that have something to show; none before the second point."""
    if len(hour) < 2:  # noqa: PLR2004 - a point is no line
        return []
    topics = [t.name for t in TOPICS if any(p.per_second.get(t.name) for p in hour)]
    groups, services = _names(p.lag for p in hour), _names(p.waiting for p in hour)
    mailing = [name for name in services if any(_mails(p, name) is not None for p in hour)]
    rows = [
        _row("Events per second", hour, topics, lambda p, n: p.per_second.get(n), words.rate),
        _row("Lag: events that wait", hour, groups, lambda p, n: p.lag.get(n), _number),
        _row(
            "The oldest event waits", hour, groups, lambda p, n: p.oldest_seconds.get(n), _seconds
        ),
        _row("Events in the outbox", hour, services, _outbox, _number),
        _row("The outbox's oldest event waits", hour, services, _outbox_age, _seconds),
        _row("Mails that wait", hour, mailing, _mails, _number),
        _row("Dead letters, resolved or not", hour, ["all"], lambda p, _: p.dead_letters, _number),
    ]
    return [row for row in rows if row.plots]


def _row(
    title: str,
    hour: Sequence[Point],
    names: Iterable[str],
    pick: Callable[[Point, str], Value],
    say: Callable[[float], str],
) -> Row:
    return Row(title, [_plot(name, hour, [pick(p, name) for p in hour], say) for name in names])


def _plot(
    name: str, hour: Sequence[Point], values: Sequence[Value], say: Callable[[float], str]
) -> SmallPlot:
    said = ["not known" if value is None else say(value) for value in values]
    greatest = max((value for value in values if value is not None), default=0)
    return SmallPlot(name, _lines(hour, values, greatest), said, said[-1], say(greatest))


def _lines(hour: Sequence[Point], values: Sequence[Value], greatest: float) -> list[str]:
    begin, end = hour[0].at.timestamp(), hour[-1].at.timestamp()
    lines: list[list[str]] = [[]]
    for point, value in zip(hour, values, strict=True):
        if value is None:
            lines.append([])
            continue
        across = LEFT + (RIGHT - LEFT) * (point.at.timestamp() - begin) / (end - begin)
        up = BOTTOM - (BOTTOM - TOP) * value / (greatest or 1)
        lines[-1].append(f"{across:.0f},{up:.1f}")
    return [" ".join(line) for line in lines if line]


def _names(named: Iterable[Iterable[str]]) -> list[str]:
    return sorted({name for one in named for name in one})


def _outbox(point: Point, name: str) -> Value:
    return point.waiting[name].outbox if name in point.waiting else None


def _outbox_age(point: Point, name: str) -> Value:
    return point.waiting[name].outbox_age_seconds if name in point.waiting else None


def _mails(point: Point, name: str) -> Value:
    return point.waiting[name].mails if name in point.waiting else None


def _number(value: float) -> str:
    return f"{value:,.0f}"


def _seconds(value: float) -> str:
    return words.span(timedelta(seconds=value))
