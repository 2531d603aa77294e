"""The picture: publishers to the left, topics in the middle, readers to the right, and arrows."""

from collections.abc import Mapping
from typing import NamedTuple

from services.ops_console import words
from services.ops_console.flow import Flow
from services.ops_console.rate_labels import BEND, Ends, Place, places
from services.ops_console.service_metrics import Waiting, by_service

WIDTH = 960
ROW = 52
_LEFT, _MIDDLE, _RIGHT = 8, 360, 712
_BOX_WIDTH, _BOX_HEIGHT = 240, 44


class Box(NamedTuple):
    """A service or topic, by its upper left corner."""

    x: int
    y: int
    label: str
    kind: str
    """publisher, topic or reader."""
    note: str
    """What waits there, or how many instances there are; may be empty."""
    is_stalled: bool = False


class Arrow(NamedTuple):
    """From a box to another, with a rate, "" while nothing moves."""

    ends: Ends
    label: str
    is_stalled: bool = False


class Graph(NamedTuple):
    """What is drawn."""

    width: int
    height: int
    box_width: int
    box_height: int
    bend: int
    boxes: list[Box]
    arrows: list[tuple[Arrow, Place]]
    """Each with where its rate stands."""


def graph_of(flow: Flow) -> Graph:
    """Return the picture of a flow."""
    topics = {topic.name: 8 + ROW * row for row, topic in enumerate(flow.topics)}
    height = 8 + ROW * len(topics)
    publishers = _spread(sorted({topic.publisher for topic in flow.topics}), height)
    readers = _spread(sorted({r.group for topic in flow.topics for r in topic.readers}), height)
    stalled = {r.group for topic in flow.topics for r in topic.readers if r.stalled_for}
    waiting = by_service(flow.waiting)
    boxes = [
        *(
            Box(_LEFT, y, name, "publisher", _outbox(waiting, name))
            for name, y in publishers.items()
        ),
        *(Box(_MIDDLE, y, name, "topic", "") for name, y in topics.items()),
        *(
            Box(_RIGHT, y, name, "reader", _at_work(flow, waiting, name), name in stalled)
            for name, y in readers.items()
        ),
    ]
    arrows = _arrows(flow, publishers, topics, readers)
    labelled = list(zip(arrows, places(tuple(arrow.ends for arrow in arrows)), strict=True))
    return Graph(WIDTH, height, _BOX_WIDTH, _BOX_HEIGHT, BEND, boxes, labelled)


def _outbox(waiting: Mapping[str, Waiting], publisher: str) -> str:
    one = waiting.get(publisher.partition(" ")[0])
    return f"{words.many(one.outbox, 'event')} in its outbox" if one and one.outbox else ""


def _at_work(flow: Flow, waiting: Mapping[str, Waiting], group: str) -> str:
    one = waiting.get(group)
    members = flow.cluster.members.get(group) if flow.cluster else None
    said = [
        "" if members is None else words.many(members, "instance"),
        f"{words.many(one.mails, 'mail')} in its queue" if one and one.mails else "",
    ]
    return ", ".join(filter(None, said))


def _arrows(
    flow: Flow, publishers: dict[str, int], topics: dict[str, int], readers: dict[str, int]
) -> list[Arrow]:
    half = _BOX_HEIGHT // 2
    found = []
    for topic in flow.topics:
        y = topics[topic.name] + half
        start = publishers[topic.publisher] + half
        label = words.rate(topic.per_second) if topic.per_second else ""
        found.append(Arrow(Ends(_LEFT + _BOX_WIDTH, start, _MIDDLE, y), label))
        for reader in topic.readers:
            label = words.rate(reader.per_second) if reader.per_second else ""
            end = readers[reader.group] + half
            is_stalled = reader.stalled_for is not None
            found.append(Arrow(Ends(_MIDDLE + _BOX_WIDTH, y, _RIGHT, end), label, is_stalled))
    return found


def _spread(names: list[str], height: int) -> dict[str, int]:
    step = height / max(len(names), 1)
    return {name: round(step * row + (step - _BOX_HEIGHT) / 2) for row, name in enumerate(names)}
