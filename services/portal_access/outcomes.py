"""Scores of outcome measures, put together by measure."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from chassis.web import plots
from chassis.web.plots import Plot
from services.portal_access.chart_views import Score


class Measure(NamedTuple):
    """An outcome measure: its scores, the newest first, and their plot if there are several."""

    name: str
    unit: str | None
    scores: list[Score]
    plot: Plot | None


def by_measure(scores: Iterable[Score]) -> list[Measure]:
    """Return the measures by name; the scores come the newest first."""
    by_name = sorted(scores, key=lambda one: one.measure)  # stable: the newest stay first
    return [
        _measure(name, list(group)) for name, group in groupby(by_name, lambda one: one.measure)
    ]


def _measure(name: str, scores: list[Score]) -> Measure:
    drawn = plots.plot([(one.taken_at, one.score) for one in scores])
    return Measure(name, scores[0].unit, scores, drawn)
