"""What an organisation switches off pauses: its clocks stand still from one switch to the next.

The times are those of the events, so that a service that was away all the while counts the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Switch:
    """Somebody's switch as it is from then on."""

    name: str
    at: datetime
    on: bool


@dataclass(frozen=True, slots=True)
class Known:
    """Since when somebody's clocks stand still, and of when the newest news of them is."""

    paused_at: datetime | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which somebody's clocks stood still."""

    name: str
    began_at: datetime
    ended_at: datetime


def follow(
    known: Mapping[str, Known], switches: Iterable[Switch]
) -> tuple[dict[str, datetime | None], list[Pause]]:
    """Return since when each who was switched is paused now, and the pauses that are over.

    News from before what is known changes nothing.
    """
    state = dict(known)
    over: list[Pause] = []
    for switch in switches:
        before = state.get(switch.name)
        if before and switch.at < before.changed_at:
            continue
        paused_at = before.paused_at if before else None
        if switch.on and paused_at:
            over.append(Pause(switch.name, paused_at, switch.at))
        state[switch.name] = Known(None if switch.on else paused_at or switch.at, switch.at)
    return {name: found.paused_at for name, found in state.items()}, over
