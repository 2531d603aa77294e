"""From Kafka records to events: each by itself, and what is wrong with one is said."""

import re
from collections.abc import Collection, Sequence
from functools import reduce
from operator import or_
from typing import Annotated, Any

from aiokafka import ConsumerRecord
from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import from_json

from chassis import telemetry
from chassis.dead_letters import DeadLetter, Reason
from contracts.envelope import MAX_EVENT_BYTES, CloudEvent

_SKIPPED = telemetry.EVENTS.labels(event="unknown", outcome="skipped")
_TYPE = re.compile(r"^portico\.(\w+)\.v(\d+)$")


class Decoder:
    """Knows the events that a service handles; all others are skipped."""

    def __init__(self, events: Collection[type[CloudEvent]]) -> None:
        union: Any = reduce(or_, events)
        if len(events) > 1:
            union = Annotated[union, Field(discriminator="type")]
        self._adapter: TypeAdapter[CloudEvent] = TypeAdapter(union)
        self._types = {event.type_name() for event in events}
        self._names = {event.name for event in events}

    def decode_all(
        self, records: Sequence[ConsumerRecord]
    ) -> tuple[list[tuple[CloudEvent, ConsumerRecord]], list[DeadLetter]]:
        """Return the events with their records, in order, and the records that hold none."""
        events: list[tuple[CloudEvent, ConsumerRecord]] = []
        letters: list[DeadLetter] = []
        for record in records:
            found = self.decode(record)
            if isinstance(found, DeadLetter):
                letters.append(found)
            elif found is not None:
                events.append((found, record))
        return events, letters

    def decode(self, record: ConsumerRecord) -> CloudEvent | DeadLetter | None:
        """Return the record's event, why it is a dead letter, or None for one to skip."""
        raw = record.value or b""
        if len(raw) > MAX_EVENT_BYTES:
            detail = f"{len(raw)} bytes, {MAX_EVENT_BYTES} are allowed"
            return DeadLetter(record, Reason.OVERSIZED, detail)
        try:
            event = self._adapter.validate_json(raw)
        except ValidationError as error:
            return self._explain(record, raw, error)
        return _check_key(record, event)

    def _explain(
        self, record: ConsumerRecord, raw: bytes, error: ValidationError
    ) -> DeadLetter | None:
        kind = _text_in(raw, "type")
        if kind is None:
            detail = "no CloudEvent in structured JSON with a type"
            return DeadLetter(record, Reason.MALFORMED, detail)
        if kind in self._types:
            return DeadLetter(record, Reason.MALFORMED, telemetry.describe(error))
        parts = _TYPE.match(kind)
        if parts and parts[1] in self._names:
            detail = f"version {parts[2]} of {parts[1]} is not known here"
            return DeadLetter(record, Reason.WRONG_VERSION, detail)
        _SKIPPED.inc()
        return None


def _text_in(raw: bytes, name: str) -> str | None:
    try:
        body = from_json(raw)
    except ValueError:
        return None
    found = body.get(name) if isinstance(body, dict) else None
    return found if isinstance(found, str) else None


def trace_in(raw: bytes) -> str | None:
    """Return the traceparent in a message that may be no event, if there is one."""
    return telemetry.valid_traceparent(_text_in(raw, "traceparent"))


def _check_key(record: ConsumerRecord, event: CloudEvent) -> CloudEvent | DeadLetter:
    if not record.key:
        detail = "the message needs the event's subject as its key, to keep the order"
        return DeadLetter(record, Reason.KEY_MISSING, detail)
    if record.key != event.subject.encode():
        detail = f"the message's key must be the event's subject, {event.subject}"
        return DeadLetter(record, Reason.KEY_WRONG, detail)
    return event
