"""An event's fields one by one, each with what its schema says of it."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from contracts.topics import TOPIC_BY_EVENT
from services.ops_console import payloads

Json = dict[str, Any]


class Field(NamedTuple):
    """A field by its path in the event, such as `data.invitee.person`."""

    path: str
    about: str
    value: str


def fields_of(value: bytes, *, reveal: bool) -> list[Field]:
    """Return an event's fields; none when it is no event of any contract.

    Sealed parts are never shown, and what is personal is only when it is to be revealed.
    """
    name = payloads.name_of(value)
    shown = payloads.view(value, reveal=reveal)
    if name is None or not isinstance(shown, dict):
        return []
    schema = _schemas()[name]
    return list(_fields(shown, schema, schema["$defs"], ""))


def _fields(shown: Json, schema: Json, defs: Json, path: str) -> Iterator[Field]:
    properties = schema.get("properties", {})
    for name, value in shown.items():
        of_field = properties.get(name, {})
        if isinstance(value, dict):
            yield from _fields(value, _resolved(of_field, defs), defs, f"{path}{name}.")
        else:
            about = of_field.get("description", "")
            yield Field(f"{path}{name}", about, _text(value))


def _resolved(schema: Json, defs: Json) -> Json:
    refs = [each["$ref"] for each in (schema, *schema.get("anyOf", ())) if "$ref" in each]
    found: Json = defs[refs[0].rpartition("/")[2]] if refs else schema
    return found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@cache
def _schemas() -> dict[str, Json]:
    return {event.name: event.model_json_schema() for event in TOPIC_BY_EVENT}
