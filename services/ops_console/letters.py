"""Dead letters as they lie in `<topic>.dlq`, each with what became of it.

A topic of dead letters holds two kinds of records: the dead letters themselves, written by
chassis/dead_letters.py, and resolutions, written by resolving.py. Neither is ever changed, so
together they are the history. What was decided long ago goes (sweeper.py): a resolution may outlive
its dead letter, never the other way round.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from aiokafka import ConsumerRecord


class State(StrEnum):
    """How a dead letter stands; stable, for machines."""

    OPEN = "open"
    REPLAYED = "replayed"
    DISCARDED = "discarded"


class Place(NamedTuple):
    """Where a record is: topic, partition and offset."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        """Return `topic/partition/offset`."""
        return f"{self.topic}/{self.partition}/{self.offset}"


@dataclass(frozen=True)
class Resolution:
    """What somebody decided about a dead letter, when and why; `by` is an id such as `cli:ana`."""

    state: State
    by: str
    at: datetime
    why: str


@dataclass(frozen=True)
class Letter:
    """An event that a consumer gave up.

    `place` is where it lies among the dead letters of its topic, `source` where the consumer read
    it. `value` is the event byte for byte, or its beginning when `truncated_from` says how many
    bytes it had.
    """

    place: Place
    source: Place
    key: bytes | None
    value: bytes
    reason: str
    detail: str
    consumer: str
    failed_at: datetime
    truncated_from: int | None = None
    resolutions: tuple[Resolution, ...] = ()

    @property
    def id(self) -> str:
        """What people call it by: `topic/partition/offset`, the topic without `.dlq`."""
        return str(self.place)

    @property
    def state(self) -> State:
        """How it stands; what was decided first holds."""
        return self.resolutions[0].state if self.resolutions else State.OPEN


def letters_in(records: Iterable[ConsumerRecord]) -> list[Letter]:
    """Return the dead letters of a topic's records, oldest first, each with its resolutions.

    A record that has the headers of neither kind is none of Portico's, and is left out; so is a
    resolution whose dead letter is gone.
    """
    letters: dict[Place, Letter] = {}
    for record in records:
        headers = headers_of(record)
        topic = record.topic.removesuffix(".dlq")
        if "resolves" in headers:
            place = Place(topic, *resolved_by(headers))
            if letter := letters.get(place):
                resolutions = (*letter.resolutions, resolution_of(headers))
                letters[place] = replace(letter, resolutions=resolutions)
        elif "reason" in headers:
            place = Place(topic, record.partition, record.offset)
            letters[place] = _letter(place, record, headers)
    return sorted(letters.values(), key=lambda letter: letter.failed_at)


def headers_of(record: ConsumerRecord) -> dict[str, str]:
    """Return a record's headers as text; one without a value is empty."""
    return {name: (value or b"").decode(errors="replace") for name, value in record.headers}


def resolved_by(headers: Mapping[str, str]) -> tuple[int, int]:
    """Return the partition and offset of the dead letter that a resolution is about.

    Raises:
        ValueError: It does not say.
    """
    partition, _, offset = headers["resolves"].partition(":")
    return int(partition), int(offset)


def resolution_of(headers: Mapping[str, str]) -> Resolution:
    """Return what a resolution's headers say.

    Raises:
        KeyError: One is missing.
        ValueError: One holds no state or no time.
    """
    at = datetime.fromisoformat(headers["at"])
    return Resolution(State(headers["resolution"]), headers["by"], at, headers["why"])


def _letter(place: Place, record: ConsumerRecord, headers: dict[str, str]) -> Letter:
    truncated_from = headers.get("truncated_from_bytes")
    return Letter(
        place=place,
        source=Place(place.topic, int(headers["partition"]), int(headers["offset"])),
        key=record.key,
        value=record.value or b"",
        reason=headers["reason"],
        detail=headers["detail"],
        consumer=headers["consumer"],
        failed_at=datetime.fromisoformat(headers["failed_at"]),
        truncated_from=int(truncated_from) if truncated_from else None,
    )
