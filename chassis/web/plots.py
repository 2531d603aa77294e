"""Small plots of values over time: where the points stand; `plot` in components.html draws them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

LEFT, RIGHT, TOP, BOTTOM = 44, 312, 12, 84
"""The edges between which points stand; to the left is room for the scale's numbers."""


class Plot(NamedTuple):
    """The points of a line from left to right, in the units of the drawing."""

    points: list[tuple[int, int]]
    low: Decimal
    high: Decimal
    """The least and the greatest value, at the bottom and at the top."""


def plot(measured: Sequence[tuple[datetime, Decimal]]) -> Plot | None:
    """Return the plot of values by time, in any order; None if there are fewer than two."""
    if len(measured) < 2:  # noqa: PLR2004 - a point is no line
        return None
    in_order = sorted(measured)
    across = _scaled([moment.timestamp() for moment, _ in in_order], LEFT + 4, RIGHT - 4)
    values = [float(value) for _, value in in_order]
    down = _scaled(values, BOTTOM, TOP)
    numbers = [value for _, value in in_order]
    return Plot(list(zip(across, down, strict=True)), min(numbers), max(numbers))


def _scaled(values: Sequence[float], start: int, end: int) -> list[int]:
    low, high = min(values), max(values)
    if low == high:
        return [(start + end) // 2] * len(values)
    return [round(start + (end - start) * (one - low) / (high - low)) for one in values]
