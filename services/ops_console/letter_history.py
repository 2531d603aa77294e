"""The history of one event among the dead letters: each failure and each decision."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from services.ops_console.letters import Letter


class Step(NamedTuple):
    """Something that happened: `what` is `failed`, `replayed` or `discarded`."""

    at: datetime
    what: str
    by: str
    detail: str
    letter_id: str


def history_of(letter: Letter, letters: Iterable[Letter]) -> list[Step]:
    """Return what happened to an event, oldest first.

    An event that failed again after a replay, or failed at another consumer, is another dead letter
    with the same bytes under the same key.
    """
    event = (letter.place.topic, letter.key, letter.value)
    same = (each for each in letters if (each.place.topic, each.key, each.value) == event)
    return sorted((step for each in same for step in _steps(each)), key=attrgetter("at"))


def _steps(letter: Letter) -> Iterator[Step]:
    why = f"{letter.reason}: {letter.detail}"
    yield Step(letter.failed_at, "failed", letter.consumer, why, letter.id)
    for each in letter.resolutions:
        yield Step(each.at, each.state.value, each.by, each.why, letter.id)
