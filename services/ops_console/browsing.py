"""What somebody asks of a topic's events, as a form or a command says it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from aiokafka import TopicPartition
from pydantic import BaseModel, ConfigDict

from services.ops_console import event_pages
from services.ops_console.errors import EventsError
from services.ops_console.event_pages import AllBounds, Page
from services.ops_console.event_rows import Filter
from services.ops_console.topic_bounds import bounds_of, offsets_at, partitions_of


class Asked(BaseModel):
    """A topic and which of its events; what is empty is any.

    Without a place the newest events are wanted. `offset` needs a partition, `time` is in UTC
    unless it says otherwise; `before` and `after` are the places that a page leads on to.
    """

    model_config = ConfigDict(frozen=True)

    topic: str
    partition: str = ""
    offset: str = ""
    time: str = ""
    type: str = ""
    key: str = ""
    before: str = ""
    after: str = ""


async def browse(servers: str, asked: Asked) -> Page:
    """Return a page of a topic's events.

    Raises:
        EventsError: Something is asked that cannot be.
        KafkaError: Kafka is away.
    """
    partitions = _partitions(asked)
    offset = _number("offset", asked.offset)
    moment = _moment(asked.time)
    if offset is not None and not asked.partition:
        raise EventsError("partition", "Say of which partition the offset is.")
    bounds = await bounds_of(servers, partitions)
    wanted = Filter(asked.type.strip(), asked.key.strip())
    if asked.before:
        highs = _places(asked.before, bounds, lambda at: bounds[at].end)
        return await event_pages.before(servers, bounds, highs, wanted)
    if asked.after:
        lows = _places(asked.after, bounds, lambda at: bounds[at].first)
    elif offset is not None:
        lows = dict.fromkeys(bounds, offset)
    elif moment:
        lows = await offsets_at(servers, bounds, moment)
    else:
        newest = {at: each.end for at, each in bounds.items()}
        return await event_pages.before(servers, bounds, newest, wanted)
    return await event_pages.after(servers, bounds, lows, wanted)


def place_text(offsets: Mapping[TopicPartition, int]) -> str:
    """Return a place in a topic as `before` and `after` say it."""
    return ".".join(f"{at.partition}-{offset}" for at, offset in offsets.items())


def _places(
    text: str, bounds: AllBounds, otherwise: Callable[[TopicPartition], int]
) -> dict[TopicPartition, int]:
    try:
        pairs = [each.split("-") for each in text.split(".")]
        said = {int(partition): int(offset) for partition, offset in pairs}
    except ValueError as error:
        raise EventsError("before", "This page's address is not whole.") from error
    return {at: said.get(at.partition, otherwise(at)) for at in bounds}


def _partitions(asked: Asked) -> list[TopicPartition]:
    known = partitions_of(asked.topic)
    number = _number("partition", asked.partition)
    if number is None:
        return known
    if number >= len(known):
        raise EventsError("partition", f"Partitions go from 0 to {len(known) - 1}.")
    return [known[number]]


def _number(field: str, text: str) -> int | None:
    if not text.strip():
        return None
    # Kafka's offsets are of 64 bits.
    if not (text.strip().isascii() and text.strip().isdigit()) or int(text) >= 2**63:
        raise EventsError(field, f"The {field} is a number from 0 on.")
    return int(text)


def _moment(text: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise EventsError("time", "A time looks like 2026-03-02T09:30, in UTC.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
