"""A topic's events page by page, newest first.

A page is a range of offsets of each partition, so that new events move no page. Whatever is
filtered, one page reads a bounded number of events; it may find few and leave the rest to the next.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from aiokafka import TopicPartition

from services.ops_console.event_rows import Filter, Row, row_of
from services.ops_console.topic_bounds import Bounds
from services.ops_console.topic_reading import read

PAGE = 50
"""The most events of a page."""

FILTERED_PER_PARTITION = 2_000
"""How many events of a partition a page looks through for those that a filter lets pass."""

Offsets = Mapping[TopicPartition, int]
AllBounds = Mapping[TopicPartition, Bounds]


@dataclass(frozen=True)
class Page:
    """Rows, newest first; they are all that pass the filter between `lows` and before `highs`."""

    rows: list[Row]
    lows: Offsets
    highs: Offsets
    bounds: AllBounds

    @property
    def has_older(self) -> bool:
        """Whether anything lies before this page."""
        return any(low > self.bounds[at].first for at, low in self.lows.items())

    @property
    def has_newer(self) -> bool:
        """Whether anything lies after this page."""
        return any(high < self.bounds[at].end for at, high in self.highs.items())


async def before(servers: str, bounds: AllBounds, highs: Offsets, wanted: Filter) -> Page:
    """Return the newest events before these offsets.

    Raises:
        KafkaError: Kafka is away.
    """
    highs = _within(bounds, highs)
    starts = {at: max(bounds[at].first, high - _window(wanted)) for at, high in highs.items()}
    found = await _read(servers, starts, highs, wanted)
    taken = _first_of([rows[::-1] for rows in found.values()], newest_first=True)
    lows = {
        at: starts[at]
        if set(rows) <= set(taken)
        else min(
            (row.place.offset for row in taken if row.place.partition == at.partition),
            default=highs[at],
        )
        for at, rows in found.items()
    }
    return Page(taken, lows, highs, bounds)


async def after(servers: str, bounds: AllBounds, lows: Offsets, wanted: Filter) -> Page:
    """Return the oldest events from these offsets on, newest first as ever.

    Raises:
        KafkaError: Kafka is away.
    """
    lows = _within(bounds, lows)
    ends = {at: min(bounds[at].end, low + _window(wanted)) for at, low in lows.items()}
    found = await _read(servers, lows, ends, wanted)
    taken = _first_of(found.values(), newest_first=False)
    highs = {
        at: ends[at]
        if set(rows) <= set(taken)
        else max(
            (row.place.offset + 1 for row in taken if row.place.partition == at.partition),
            default=lows[at],
        )
        for at, rows in found.items()
    }
    return Page(taken[::-1], lows, highs, bounds)


def _window(wanted: Filter) -> int:
    return FILTERED_PER_PARTITION if any(wanted) else PAGE


def _within(bounds: AllBounds, offsets: Offsets) -> dict[TopicPartition, int]:
    return {at: min(max(offsets[at], each.first), each.end) for at, each in bounds.items()}


async def _read(
    servers: str, starts: Offsets, ends: Offsets, wanted: Filter
) -> dict[TopicPartition, list[Row]]:
    found: dict[TopicPartition, list[Row]] = {at: [] for at in starts}
    filled = {at: start for at, start in starts.items() if start < ends[at]}
    async for record in read(servers, filled, until=ends):
        row = row_of(record)
        if wanted.lets_pass(row):
            found[TopicPartition(record.topic, record.partition)].append(row)
    return found


def _first_of(partitions: Iterable[list[Row]], *, newest_first: bool) -> list[Row]:
    # Rows of a partition stay in the order of their offsets, whatever their publishers' clocks say.
    ordered = merge(*partitions, key=lambda row: row.at, reverse=newest_first)
    return list(islice(ordered, PAGE))
