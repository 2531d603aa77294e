"""The flow as the page shows it: each topic with who publishes and who reads it, and how."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from contracts.envelope import utc_now
from contracts.topics import TOPICS
from services.ops_console import troubles
from services.ops_console.cluster import Cluster
from services.ops_console.collector import Collector
from services.ops_console.flow_history import GroupOnTopic, History, dead_letters_of, total
from services.ops_console.service_metrics import Waiting


class TopicFlow(NamedTuple):
    """A topic: its publisher, how fast events come in, and how its readers do."""

    name: str
    publisher: str
    per_second: float
    events: int
    """How many there ever were."""
    dead_letters: int
    """Records that lie there, resolved or not."""
    readers: list[GroupOnTopic]


class Flow(NamedTuple):
    """All of it at a moment."""

    at: datetime
    topics: list[TopicFlow]
    waiting: Mapping[str, Waiting | None]
    """By instance of a service."""
    cluster: Cluster | None
    troubles: list[str]


def flow_of(collector: Collector) -> Flow:
    """Return the flow as it was read last."""
    history = collector.history
    groups = history.groups()
    newest = history.newest
    return Flow(
        newest.at if newest else utc_now(),
        _topics(history, groups),
        collector.waiting,
        collector.cluster,
        [
            *troubles.of_kafka(collector.cluster, is_away=collector.kafka_is_away),
            *troubles.of_groups(groups, collector.cluster),
            *troubles.of_services(collector.waiting, collector.hour.outboxes_before(utc_now())),
        ],
    )


def _topics(history: History, groups: list[GroupOnTopic]) -> list[TopicFlow]:
    if history.newest is None:
        return []
    reading = history.newest.reading
    return [
        TopicFlow(
            name=topic.name,
            publisher=topic.publisher,
            per_second=history.published_per_second(topic.name),
            events=total(reading.ends, topic.name),
            dead_letters=dead_letters_of(reading, topic),
            readers=[one for one in groups if one.topic == topic.name],
        )
        for topic in TOPICS
    ]
