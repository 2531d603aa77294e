"""Dead letters by topic, consumer and reason: what went wrong, how often, and since when."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.ops_console.letters import Letter, State


@dataclass(frozen=True)
class Group:
    """Dead letters of one topic that one consumer gave up for one reason."""

    topic: str
    consumer: str
    reason: str
    states: Counter[State]
    first_at: datetime
    last_at: datetime


def groups_of(letters: Iterable[Letter]) -> list[Group]:
    """Return the groups of these dead letters, by name."""
    gathered: dict[tuple[str, str, str], list[Letter]] = {}
    for letter in letters:
        name = (letter.place.topic, letter.consumer, letter.reason)
        gathered.setdefault(name, []).append(letter)
    return [_group(name, gathered[name]) for name in sorted(gathered)]


def _group(name: tuple[str, str, str], letters: Sequence[Letter]) -> Group:
    times = [letter.failed_at for letter in letters]
    states = Counter(letter.state for letter in letters)
    return Group(*name, states=states, first_at=min(times), last_at=max(times))
