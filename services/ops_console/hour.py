"""The last hour in points, one in ten seconds, for the plots."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from contracts.topics import TOPICS
from services.ops_console.flow_history import GroupOnTopic, History, dead_letters_of
from services.ops_console.service_metrics import Waiting, by_service

KEPT = timedelta(hours=1)
STEP = timedelta(seconds=10)
_BEFORE = timedelta(seconds=65)
"""A minute, and half a step."""


class Point(NamedTuple):
    """What was the case at a moment; what nobody knew then is left out."""

    at: datetime
    per_second: Mapping[str, float]
    """Events into each topic."""
    lag: Mapping[str, int]
    """Events that wait for each consumer group."""
    oldest_seconds: Mapping[str, float]
    """For how long the oldest of them waits."""
    waiting: Mapping[str, Waiting]
    """What waits in each service's database."""
    dead_letters: int | None
    """Records in the topics of dead letters, resolved or not; None while Kafka was away."""


class Hour:
    """Points, the newest last."""

    def __init__(self) -> None:
        self.points: deque[Point] = deque()

    def add(self, history: History, waiting: Mapping[str, Waiting | None]) -> None:
        """Keep a point of now, unless the last is too new."""
        newest = history.newest
        if newest is None or not self._makes_room(newest.at):
            return
        groups = history.groups()
        self.points.append(
            Point(
                newest.at,
                {topic.name: history.published_per_second(topic.name) for topic in TOPICS},
                _lags(groups),
                _oldest(groups, newest.at),
                by_service(waiting),
                sum(dead_letters_of(newest.reading, topic) for topic in TOPICS),
            )
        )

    def add_without_kafka(self, now: datetime, waiting: Mapping[str, Waiting | None]) -> None:
        """Keep a point of what is known while Kafka is away, unless the last is too new."""
        if self._makes_room(now):
            self.points.append(Point(now, {}, {}, {}, by_service(waiting), None))

    def outboxes_before(self, now: datetime) -> dict[str, int]:
        """Return how many events waited in each service's outbox a minute ago, or not as long."""
        found = next((one for one in self.points if one.at >= now - _BEFORE), None)
        waiting = found.waiting.items() if found else ()
        return {service: one.outbox for service, one in waiting if one.outbox is not None}

    def _makes_room(self, now: datetime) -> bool:
        while self.points and self.points[0].at < now - KEPT:
            self.points.popleft()
        return not self.points or now >= self.points[-1].at + STEP


def _lags(groups: list[GroupOnTopic]) -> dict[str, int]:
    return {
        name: sum(one.lag for one in groups if one.group == name)
        for name in {one.group for one in groups}
    }


def _oldest(groups: list[GroupOnTopic], now: datetime) -> dict[str, float]:
    found = dict.fromkeys((one.group for one in groups), 0.0)
    for one in groups:
        if one.waits_since:
            waits = (now - one.waits_since).total_seconds()
            found[one.group] = max(found[one.group], waits)
    return found
