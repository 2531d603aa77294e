"""An event's payload for people's eyes: what is sealed or personal is named, not shown."""

import re
from functools import cache
from typing import Any

from pydantic_core import from_json

from contracts.topics import TOPIC_BY_EVENT

SEALED = "(sealed)"
ADDRESS = "(e-mail address)"
UNKNOWN = "(not in any schema)"
_PERSONAL = {"email": ADDRESS, "given_name": "(name)"}
_LONG = 1000
_NAMES = {event.type_name(): event.name for event in TOPIC_BY_EVENT}

_ADDRESS = re.compile(r"[^\s@<>\"',;:()\\]+@[^\s@<>\"',;:()\\]+")
_SEALED_IN_TEXT = re.compile(r'("sealed_\w+"\s*:\s*)"[^"]*("|$)')


def view(value: bytes, *, reveal: bool) -> Any:
    """Return a payload as JSON, or as text where it is none.

    Sealed parts are never shown. Unless they are to be revealed, neither are names, e-mail
    addresses, what no contract knows of, and what is no JSON: any of it may be a person's data.
    """
    try:
        return _view(from_json(value), reveal=reveal)
    except ValueError:
        text = value.decode(errors="replace")
        shown = _SEALED_IN_TEXT.sub(rf'\1"{SEALED}"', printable(text))
        return shown if reveal else f"(no JSON, {len(value):,} bytes)"


def masked(text: str) -> str:
    """Return a text without e-mail addresses, fit for a terminal."""
    return _ADDRESS.sub(ADDRESS, printable(text))


def printable(text: str) -> str:
    """Return a text whose control characters are spelt out: they would steer a terminal."""
    return "".join(
        each if each.isprintable() or each == "\n" else each.encode("unicode_escape").decode()
        for each in text
    )


def name_of(value: bytes) -> str | None:
    """Return the name of a payload's event, for instance `PersonChanged`, if there is one."""
    try:
        body = from_json(value)
    except ValueError:
        return None
    kind = body.get("type") if isinstance(body, dict) else None
    return _NAMES.get(kind) if isinstance(kind, str) else None


def _view(value: Any, *, reveal: bool) -> Any:
    if isinstance(value, dict):
        return {
            printable(name) if reveal else masked(name): _field(name, each, reveal=reveal)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_view(each, reveal=reveal) for each in value]
    if isinstance(value, str):
        return printable(value) if reveal else _short(masked(value))
    return value


def _field(name: str, value: Any, *, reveal: bool) -> Any:
    if value is None:
        return None
    if name.startswith("sealed_"):
        return SEALED
    if reveal:
        return _view(value, reveal=True)
    if name in _PERSONAL:
        return _PERSONAL[name]
    return _view(value, reveal=False) if name in _names_in_contracts() else UNKNOWN


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"({len(text):,} characters)"


@cache
def _names_in_contracts() -> frozenset[str]:
    schemas = [event.model_json_schema() for event in TOPIC_BY_EVENT]
    models = [each for schema in schemas for each in (schema, *schema["$defs"].values())]
    return frozenset(name for model in models for name in model.get("properties", {}))
