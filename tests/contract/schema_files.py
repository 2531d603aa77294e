"""The contract's files as the tests read them."""

import json
from pathlib import Path
from typing import Any

from cli.schemas import FOLDER, file_of
from contracts.envelope import CloudEvent
from contracts.topics import TOPIC_BY_EVENT

HERE = Path(__file__).parent
EVENTS = list(TOPIC_BY_EVENT)


def read(file: Path) -> dict[str, Any]:
    """Return the JSON object in a file."""
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def committed(event: type[CloudEvent]) -> dict[str, Any]:
    """Return an event's schema, as a foreign developer finds it."""
    return read(FOLDER / file_of(event))


def released(event: type[CloudEvent]) -> dict[str, Any]:
    """Return an event's schema, as others may have read it already."""
    return read(HERE / "released" / file_of(event))


def accepted(event: type[CloudEvent]) -> dict[str, dict[str, Any]]:
    """Return events that were once accepted, by their files' names."""
    folder = HERE / "accepted" / f"{event.name}.v{event.version}"
    return {file.stem: read(file) for file in sorted(folder.glob("*.json"))}


def vendored(name: str) -> dict[str, Any]:
    """Return a third party's schema."""
    return read(HERE / "vendored" / name)
