"""One event where it lies in its topic, with its neighbours of the same key."""

from dataclasses import dataclass
from uuid import UUID

from aiokafka import ConsumerRecord, TopicPartition
from pydantic import BaseModel, ValidationError

from services.ops_console.errors import EventsError
from services.ops_console.letters import Place
from services.ops_console.payloads import masked
from services.ops_console.timelines import step_of
from services.ops_console.topic_bounds import partitions_of
from services.ops_console.topic_reading import read
from services.ops_console.trace_ids import trace_id_of

_AROUND = 500
"""How far, in offsets, the neighbours of the same key are looked for."""
_KNOWN_HEADERS = {
    *("reason", "detail", "consumer", "partition", "offset", "failed_at", "truncated_from_bytes"),
    *("resolves", "resolution", "by", "at", "why", "traceparent"),
}


class _Traced(BaseModel):
    id: UUID
    traceparent: str | None = None


@dataclass(frozen=True)
class Found:
    """A record; `previous` and `next` are the nearest of its key, None when none is near."""

    record: ConsumerRecord
    previous: Place | None
    next: Place | None

    @property
    def headers(self) -> dict[str, str]:
        """The message's headers; of those that Portico does not know only the names."""
        return {
            masked(name): masked(value.decode(errors="replace"))
            if name in _KNOWN_HEADERS
            else "(not known to Portico)"
            for name, value in self.record.headers
        }

    @property
    def traced_by(self) -> str:
        """The id by which `portico trace` tells its story, "" for what is no story's."""
        step = step_of(self.record.value or b"")
        return (step.invitation_id or step.key) if step else ""

    @property
    def trace_id(self) -> str:
        """The trace that the event is in, as 32 hex digits; "" for what is no event."""
        try:
            event = _Traced.model_validate_json(self.record.value or b"")
        except ValidationError:
            return ""
        return trace_id_of(event.id, event.traceparent)


async def find(servers: str, place: Place) -> Found:
    """Return the event at a place.

    Raises:
        EventsError: There is none, or none any more.
        KafkaError: Kafka is away.
    """
    at = TopicPartition(place.topic, place.partition)
    if at not in partitions_of(place.topic):
        raise EventsError("partition", f"{place.topic} has no partition {place.partition}.")
    starts = {at: max(place.offset - _AROUND, 0)}
    until = {at: place.offset + _AROUND}
    records = [record async for record in read(servers, starts, until=until)]
    found = next((each for each in records if each.offset == place.offset), None)
    if found is None:
        sentence = "There is no such event. It may be past its topic's retention."
        raise EventsError("offset", sentence)
    same = [each.offset for each in records if each.key == found.key]
    earlier = [place._replace(offset=each) for each in same if each < place.offset]
    later = [place._replace(offset=each) for each in same if each > place.offset]
    return Found(found, earlier[-1] if earlier else None, later[0] if later else None)
