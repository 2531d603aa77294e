"""Where the rates stand on the arrows of the picture: none upon another."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

BEND = 60
"""How far an arrow goes on level at its ends, before it turns to where it leads."""

_WIDTH, _HEIGHT = 64, 16
_ALONG = sorted((step / 100 for step in range(10, 91, 2)), key=lambda part: abs(part - 0.5))
"""Parts of an arrow's way that its rate may stand at, the middle first."""


class Ends(NamedTuple):
    """Where an arrow begins and ends."""

    x1: int
    y1: int
    x2: int
    y2: int


class Place(NamedTuple):
    """The middle of a text, at its foot."""

    x: int
    y: int


@lru_cache(maxsize=8)
def places(arrows: tuple[Ends, ...]) -> tuple[Place, ...]:
    """Return a place for each arrow's rate, the same for the same arrows whatever moves on them.

    Where there is room nowhere, it stands in the middle of its arrow.
    """
    taken: dict[Ends, Place] = {}
    # The flattest first: they have the fewest places to choose from.
    for arrow in sorted(arrows, key=lambda ends: abs(ends.y2 - ends.y1)):
        open_to_it = [_at(arrow, part) for part in _ALONG]
        free = (place for place in open_to_it if _is_free(place, taken.values()))
        taken[arrow] = next(free, open_to_it[0])
    return tuple(taken[arrow] for arrow in arrows)


def _is_free(place: Place, taken: Iterable[Place]) -> bool:
    return all(
        abs(place.x - other.x) >= _WIDTH or abs(place.y - other.y) >= _HEIGHT for other in taken
    )


def _at(arrow: Ends, part: float) -> Place:
    """Return a point of the cubic Bézier curve that the arrow is drawn as, a little above it."""
    x = _bezier(part, arrow.x1, arrow.x1 + BEND, arrow.x2 - BEND, arrow.x2)
    y = _bezier(part, arrow.y1, arrow.y1, arrow.y2, arrow.y2)
    return Place(round(x), round(y) - 4)


def _bezier(part: float, start: int, first: int, second: int, end: int) -> float:
    rest = 1 - part
    inner = 3 * rest**2 * part * first + 3 * rest * part**2 * second
    return rest**3 * start + inner + part**3 * end
