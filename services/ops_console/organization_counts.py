"""What is counted of an organisation's events, one after another; no event is kept."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from services.ops_console.lateness import ENDED
from services.ops_console.timelines import Step, step_of

_TYPE = re.compile(rb'"type":\s*"portico\.(\w+)\.v\d+"')
_UNSENT = frozenset({"InvitationBounced", "InvitationRejected"}) | ENDED
"""What else settles an invitation than its mail."""


class Waiting(NamedTuple):
    """An invitation that was requested, and neither mailed nor came to another end yet."""

    invitation_id: str
    since: datetime


@dataclass
class Tally:
    """One organisation's events of a period."""

    events: Counter[str] = field(default_factory=Counter)
    """By type."""
    rejections: Counter[str] = field(default_factory=Counter)
    """By reason."""
    dead_letters: int = 0
    _requested: dict[str, datetime] = field(default_factory=dict)
    _settled: dict[str, datetime | None] = field(default_factory=dict)
    """When an invitation was mailed; None when it came to another end."""
    _seen: set[int] = field(default_factory=set)
    """The ids of events by their hashes, which take a third of the memory."""

    def add(self, value: bytes) -> None:
        """Count an event; what the relay published twice counts once."""
        if step := step_of(value):
            if (seen := hash(step.event_id)) not in self._seen:
                self._seen.add(seen)
                self._count(step)
        elif found := _TYPE.search(value):
            self.events[found[1].decode()] += 1

    def _count(self, step: Step) -> None:
        self.events[step.event] += 1
        invitation = step.invitation_id or ""
        if step.event == "InviteRequested":
            self._requested[invitation] = step.at
        elif step.event == "InvitationSent":
            self._settled[invitation] = step.at
        elif step.event in _UNSENT:
            self._settled.setdefault(invitation, None)
        if step.event == "InvitationRejected":
            self.rejections[step.reason] += 1

    def waiting(self, most: int) -> list[Waiting]:
        """Return the newest of the invitations that were requested and not settled."""
        found = [
            Waiting(one, at) for one, at in self._requested.items() if one not in self._settled
        ]
        return sorted(found, key=lambda one: one.since, reverse=True)[:most]

    def times_to_mail(self) -> tuple[timedelta, timedelta] | None:
        """Return the median and the longest time from request to mail; None where none was sent."""
        times = sorted(
            sent - self._requested[one]
            for one, sent in self._settled.items()
            if sent is not None and one in self._requested
        )
        return (times[len(times) // 2], times[-1]) if times else None


class Busy(NamedTuple):
    """How busy an organisation was."""

    organization: str
    events: int
    requested: int
    mailed: int
    bounced: int


class Busiest:
    """Counts of all organisations, by the keys of their events."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {}

    def add(self, key: bytes, value: bytes) -> None:
        """Count an event by its key."""
        organization = key.partition(b"/")[0].decode(errors="replace")
        counts = self._counts.setdefault(organization, Counter())
        counts["events"] += 1
        if found := _TYPE.search(value):
            counts[found[1].decode()] += 1

    def first(self, most: int) -> list[Busy]:
        """Return the busiest, the busiest first."""
        found = (
            Busy(
                name,
                counts["events"],
                counts["InviteRequested"],
                counts["InvitationSent"],
                counts["InvitationBounced"],
            )
            for name, counts in self._counts.items()
        )
        return sorted(found, key=_events, reverse=True)[:most]


def belongs_to(organization: bytes, key: bytes | None) -> bool:
    """Tell whether an event of this key is an organisation's."""
    return key is not None and (key == organization or key.startswith(organization + b"/"))


def _events(one: Busy) -> int:
    return one.events
