"""What may go of a partition of dead letters: its beginning, as far as all of it was decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aiokafka import ConsumerRecord

from services.ops_console.letters import (
    Resolution,
    State,
    headers_of,
    resolution_of,
    resolved_by,
)


@dataclass
class DecidedPrefix:
    """The longest beginning that nobody needs: resolutions, and letters decided before a time.

    What it does not understand ends it: no record goes that might be an open dead letter, or be all
    that says of one that it is not. Records are added in the order of their offsets, from the
    partition's first on. An offset and a flag is kept of each dead letter, of `most` at most.
    """

    decided_before: datetime
    most: int = 10_000
    _is_over: dict[int, bool | None] = field(default_factory=dict)
    """By a dead letter's offset: whether it was decided long enough ago; None: nobody decided."""
    _end: int = 0
    _goes_on: bool = True

    def add(self, record: ConsumerRecord) -> None:
        """Look at the next record."""
        headers = headers_of(record)
        is_resolution = "resolves" in headers
        may_go = self._notes(record, headers) if is_resolution else self._waits(record, headers)
        self._goes_on = self._goes_on and may_go
        if self._goes_on:
            self._end = record.offset + 1

    @property
    def end(self) -> int:
        """The offset before which all may go; 0: nothing may."""
        return next((offset for offset, over in self._is_over.items() if not over), self._end)

    def _notes(self, record: ConsumerRecord, headers: Mapping[str, str]) -> bool:
        """Note what was decided about a dead letter; tell whether the resolution itself may go."""
        try:
            (partition, offset), resolution = resolved_by(headers), resolution_of(headers)
        except (KeyError, ValueError):
            return False
        if partition != record.partition or resolution.at.tzinfo is None:
            return False
        # What was decided first holds; what is about none of these is about one that is gone.
        if self._is_over.get(offset, False) is None:
            self._is_over[offset] = self._is_long_ago(resolution)
        return True

    def _waits(self, record: ConsumerRecord, headers: Mapping[str, str]) -> bool:
        """Remember a dead letter until its resolution comes; tell whether it may go then."""
        if "reason" not in headers or not self._goes_on or len(self._is_over) >= self.most:
            return False
        self._is_over[record.offset] = None
        return True

    def _is_long_ago(self, resolution: Resolution) -> bool:
        return resolution.state is not State.OPEN and resolution.at < self.decided_before
