"""Lines of a file as events of the topic chart.invites.v1: valid, or what is wrong with them."""

from functools import reduce
from operator import or_
from typing import Annotated, Any, NamedTuple

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from contracts.envelope import MAX_EVENT_BYTES, CloudEvent
from contracts.topics import CHART_INVITES

_TYPES = [event.type_name() for event in CHART_INVITES.events]
_union: Any = reduce(or_, CHART_INVITES.events)
_EVENT: TypeAdapter[CloudEvent] = TypeAdapter(Annotated[_union, Field(discriminator="type")])


class Invalid(NamedTuple):
    """A line that is no event, and why."""

    line: int
    reason: str


def check(number: int, line: bytes) -> str | Invalid | None:
    """Return the Kafka key of a line's event, what is wrong with it, or None for an empty line."""
    content = line.strip()
    if not content:
        return None
    if len(content) > MAX_EVENT_BYTES:
        return Invalid(number, f"{len(content)} bytes, {MAX_EVENT_BYTES} are allowed")
    try:
        return _EVENT.validate_json(content).subject
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        return Invalid(number, "; ".join(map(_explain, problems)))


def _explain(problem: ErrorDetails) -> str:
    """Say what is wrong where, without the value that may be a person's data."""
    if problem["type"].startswith("union_tag"):
        return f"type: must be {' or '.join(_TYPES)}"
    # A discriminated union puts the type before the field's name.
    place = ".".join(str(part) for part in problem["loc"] if part not in _TYPES)
    return f"{place}: {problem['msg']}" if place else problem["msg"]
