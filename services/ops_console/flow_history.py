"""The last hour in samples, and what they say: rates, what waits, since when, what stalls."""

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from aiokafka import TopicPartition

from contracts.topics import Topic
from services.ops_console.offsets import Reading

KEPT = timedelta(hours=1)
ALL_KEPT = timedelta(minutes=1)
THINNED = timedelta(seconds=10)
RATE_OVER = timedelta(seconds=10)
"""Rates are means over so long: short enough to be now, long enough not to flicker."""
STALLED_AFTER = timedelta(seconds=1)
"""A group that has something to do, and has not moved for longer, is named."""


class Sample(NamedTuple):
    """What was read at a moment."""

    at: datetime
    reading: Reading


class GroupOnTopic(NamedTuple):
    """How a consumer group does with a topic."""

    group: str
    topic: str
    lag: int
    """Events that wait for it."""
    per_second: float
    waits_since: datetime | None
    """When the oldest event that waits came, as far as the samples tell; None when none waits."""
    stalled_for: timedelta | None
    """How long it has not moved although events wait; None when it moves."""


class History:
    """Samples, the newest last: all of the last minute, and one in ten seconds of the last hour."""

    def __init__(self) -> None:
        self._older: deque[Sample] = deque()
        self._recent: deque[Sample] = deque()

    def add(self, sample: Sample) -> None:
        """Keep a sample; a group of which Kafka cannot tell now stands where it stood."""
        sample = sample._replace(reading=self._with_known_groups(sample.reading))
        self._recent.append(sample)
        while self._recent[0].at < sample.at - ALL_KEPT:
            left = self._recent.popleft()
            if not self._older or left.at >= self._older[-1].at + THINNED:
                self._older.append(left)
        while self._older and self._older[0].at < sample.at - KEPT:
            self._older.popleft()

    def _with_known_groups(self, reading: Reading) -> Reading:
        if self.newest is None:
            return reading
        told = {group: offsets for group, offsets in reading.committed.items() if offsets}
        return reading._replace(committed={**self.newest.reading.committed, **told})

    @property
    def samples(self) -> list[Sample]:
        """What is kept, the newest last."""
        return [*self._older, *self._recent]

    @property
    def newest(self) -> Sample | None:
        """The newest sample, None before the first."""
        return self._recent[-1] if self._recent else None

    def published_per_second(self, topic: str) -> float:
        """Return at which rate events come into a topic."""
        return self._rate(lambda reading: total(reading.ends, topic))

    def groups(self) -> list[GroupOnTopic]:
        """Return how each consumer group does with each topic that it reads."""
        if self.newest is None:
            return []
        pairs = {
            (group, at.topic)
            for group, offsets in self.newest.reading.committed.items()
            for at in offsets
        }
        return [self._group(group, topic) for group, topic in sorted(pairs)]

    def _group(self, group: str, topic: str) -> GroupOnTopic:
        assert self.newest is not None
        lag = lag_of(self.newest.reading, group, topic)
        rate = self._rate(lambda reading: total(reading.committed.get(group, {}), topic))
        since = self._waits_since(group, topic) if lag else None
        return GroupOnTopic(group, topic, lag, rate, since, self._stalled_for(group, topic, lag))

    def _waits_since(self, group: str, topic: str) -> datetime:
        """Return when the end of a partition first was beyond where the group is now."""
        assert self.newest is not None
        done = self.newest.reading.committed[group]
        mine = [at for at in done if at.topic == topic]
        for one in self.samples:
            if any(one.reading.ends.get(at, 0) > done[at] for at in mine):
                return one.at
        return self.newest.at

    def _stalled_for(self, group: str, topic: str, lag: int) -> timedelta | None:
        assert self.newest is not None
        if not lag:
            return None
        now = total(self.newest.reading.committed[group], topic)
        still_since = self.newest.at
        for one in reversed(self.samples):
            offsets = one.reading.committed.get(group, {})
            if total(offsets, topic) != now or not lag_of(one.reading, group, topic):
                break
            still_since = one.at
        stalled = self.newest.at - still_since
        return stalled if stalled > STALLED_AFTER else None

    def _rate(self, count: Callable[[Reading], int]) -> float:
        if self.newest is None:
            return 0.0
        begin = next(one for one in self._recent if one.at >= self.newest.at - RATE_OVER)
        seconds = (self.newest.at - begin.at).total_seconds()
        return (count(self.newest.reading) - count(begin.reading)) / seconds if seconds else 0.0


def total(offsets: Mapping[TopicPartition, int], topic: str) -> int:
    """Return the sum of a topic's offsets over its partitions."""
    return sum(offset for at, offset in offsets.items() if at.topic == topic)


def dead_letters_of(reading: Reading, topic: Topic) -> int:
    """Return how many records lie in a topic's dead letters, resolved or not."""
    return total(reading.ends, topic.dead_letters) - total(reading.firsts, topic.dead_letters)


def lag_of(reading: Reading, group: str, topic: str) -> int:
    """Return how many events of a topic wait for a group."""
    done = reading.committed.get(group, {})
    return sum(
        max(reading.ends.get(at, 0) - offset, 0) for at, offset in done.items() if at.topic == topic
    )
