"""The story of an invitation, told by the events on the topics that it passes over."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from aiokafka import TopicPartition
from pydantic import AwareDatetime, BaseModel, ValidationError

from chassis.broker import partition_of
from contracts.chart import InviteRequested
from contracts.topics import (
    CHART_INVITES,
    INVITATION_LIFECYCLE,
    NOTIFICATION_DELIVERIES,
    PORTAL_ACCESS,
    Topic,
)
from services.ops_console.letters import Place
from services.ops_console.payloads import masked
from services.ops_console.topic_reading import read
from services.ops_console.trace_ids import trace_id_of

TOPICS = (CHART_INVITES, INVITATION_LIFECYCLE, NOTIFICATION_DELIVERIES, PORTAL_ACCESS)
_NAMES = {event.type_name(): event.name for topic in TOPICS for event in topic.events}

Count = Callable[[int], None]


class _Data(BaseModel):
    """What a step tells of an event's data."""

    invitation_id: UUID | None = None
    role: str | None = None
    reason: str | None = None
    smtp_code: int | None = None
    email: str | None = None


class _Event(BaseModel):
    id: UUID
    type: str
    time: AwareDatetime
    subject: str
    traceparent: str | None = None
    data: _Data


@dataclass(frozen=True)
class Step:
    """One event; `invitation_id` is None for what is about a person, such as RevokeRequested."""

    at: datetime
    event: str
    event_id: str
    key: str
    invitation_id: str | None
    detail: str
    place: Place | None = None
    """Where it lies, once it is read from a topic."""
    reason: str = ""
    email: str = field(default="", repr=False)
    """Whole: show it masked, unless it is written down who sees it, and why (addresses.py)."""
    trace_id: str = ""


async def of_person(servers: str, key: str, expect: Count, advance: Count) -> list[Step]:
    """Return all steps of `organization/chart/person`, oldest first.

    Of topics that Portico alone publishes to, only the key's partition is read; an EMR may choose
    its partitions in another way.

    Raises:
        KafkaError: Kafka is away.
    """
    partitions = {
        topic: range(topic.partitions)
        if topic is CHART_INVITES
        else [partition_of(key.encode(), list(range(topic.partitions)))]
        for topic in TOPICS
    }
    return await _steps(servers, partitions, lambda step: step.key == key, expect, advance)


async def of_invitation(servers: str, id_: str, expect: Count, advance: Count) -> list[Step]:
    """Return all steps of the invitation of this id, or of that which an event of this id is about.

    Reads everything, as an id does not tell the partition.

    Raises:
        KafkaError: Kafka is away.
    """
    partitions = {topic: range(topic.partitions) for topic in TOPICS}

    def is_of_it(step: Step) -> bool:
        return id_ in {step.event_id, step.invitation_id}

    found = await _steps(servers, partitions, is_of_it, expect, advance)
    if not found or found[0].invitation_id in {id_, None}:
        return found
    of_all = await of_person(servers, found[0].key, expect, advance)
    return [step for step in of_all if step.invitation_id == found[0].invitation_id]


async def _steps(
    servers: str,
    partitions: Mapping[Topic, Iterable[int]],
    wanted: Callable[[Step], bool],
    expect: Count,
    advance: Count,
) -> list[Step]:
    starts = {
        TopicPartition(topic.name, each): 0 for topic, of in partitions.items() for each in of
    }
    # The relay may publish an event twice.
    found: dict[str, Step] = {}
    async for record in read(servers, starts, expect):
        advance(1)
        step = step_of(record.value or b"")
        if step and wanted(step):
            place = Place(record.topic, record.partition, record.offset)
            found.setdefault(step.event_id, replace(step, place=place))
    return sorted(found.values(), key=attrgetter("at"))


def step_of(value: bytes) -> Step | None:
    """Return the step that an event is, or None for what is no event of an invitation."""
    try:
        event = _Event.model_validate_json(value)
    except ValidationError:
        return None
    if event.type not in _NAMES:
        return None
    name, data = _NAMES[event.type], event.data
    # An invitation's id is the id of the event that requested it.
    about = event.id if name == InviteRequested.name else data.invitation_id
    told = [str(each) for each in (data.role, data.reason, data.smtp_code) if each is not None]
    invitation_id = str(about) if about else None
    detail = masked(", ".join(told))
    return Step(
        event.time,
        name,
        str(event.id),
        event.subject,
        invitation_id,
        detail,
        reason=masked(data.reason or ""),
        email=data.email or "",
        trace_id=trace_id_of(event.id, event.traceparent),
    )
