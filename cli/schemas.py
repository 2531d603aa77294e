"""The contracts for those who do not read Python: a JSON Schema per event, and asyncapi.yaml.

`python -m cli.schemas` writes them, `python -m cli.schemas --check` tells whether they are stale.
"""

import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args
from uuid import NAMESPACE_URL, uuid5

import yaml
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from typing_extensions import override

from contracts.envelope import MAX_EVENT_BYTES, CloudEvent, Identifier
from contracts.topics import TOPIC_BY_EVENT, TOPICS, Topic

FOLDER = Path(str(files("contracts"))) / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
ASYNCAPI_FILE = "asyncapi.yaml"

_EXAMPLE_TIME = "2026-03-02T09:30:00Z"
_EXAMPLE_TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def render() -> dict[str, str]:
    """Return the text of each file by its name; the same for the same contracts, byte by byte."""
    schemas = {file_of(event): _as_json(schema_of(event)) for event in TOPIC_BY_EVENT}
    return schemas | {ASYNCAPI_FILE: _as_yaml(asyncapi())}


def stale(folder: Path = FOLDER) -> list[str]:
    """Return the names of the files that are missing, differ from the contracts or are too many."""
    wanted = render()
    found = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.*")}
    names = sorted(wanted.keys() | found.keys())
    return [name for name in names if wanted.get(name) != found.get(name)]


def write(folder: Path = FOLDER) -> list[str]:
    """Bring the files up to date; return the names of those that changed."""
    wanted, changed = render(), stale(folder)
    folder.mkdir(exist_ok=True)
    for name in changed:
        if name in wanted:
            (folder / name).write_text(wanted[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    return changed


def file_of(event: type[CloudEvent]) -> str:
    """Return the name of an event's schema file, for instance `InviteRequested.v1.json`."""
    return f"{event.name}.v{event.version}.json"


def schema_of(event: type[CloudEvent]) -> JsonSchemaValue:
    """Return the JSON Schema (2020-12) of the whole CloudEvent, for those who publish it."""
    topic = TOPIC_BY_EVENT[event]
    schema = event.model_json_schema(schema_generator=_Schema)
    schema["properties"]["subject"]["pattern"] = _subject_pattern(topic)
    data_name = schema["properties"]["data"]["$ref"].removeprefix("#/$defs/")
    data_examples = schema["$defs"][data_name].pop("examples")
    head = {
        "$schema": DIALECT,
        "$id": _schema_id(event),
        "title": f"{event.name}, version {event.version}",
        "description": f"{schema['description']} {_how_to_send(topic)}",
        "x-kafka-topic": topic.name,
        "x-kafka-key": topic.key,
    }
    return head | {
        "type": "object",
        "properties": schema["properties"],
        "required": schema["required"],
        "$defs": schema["$defs"],
        "examples": [_example(event, topic, data_examples[0])],
    }


def asyncapi() -> dict[str, Any]:
    """Return the AsyncAPI 3.0 document: the topics, who publishes them, and their events."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Portico",
            "version": "1.0.0",
            "description": (
                "Enrols people in a patient portal. Every message is a CloudEvent 1.0 in "
                "structured JSON; its Kafka key is the event's subject. Consumers ignore types "
                "and fields that they do not know, and handle an event id once."
            ),
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {topic.name: _channel(topic) for topic in TOPICS},
        "operations": {_operation_id(topic): _operation(topic) for topic in TOPICS},
        "components": {"messages": {event.__name__: _message(event) for event in TOPIC_BY_EVENT}},
    }


class _Schema(GenerateJsonSchema):
    """Keeps the models' order, and leaves out titles that only repeat a field's name."""

    @override
    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    @override
    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:
        return value


def _schema_id(event: type[CloudEvent]) -> str:
    return f"urn:portico:schema:{event.name}:v{event.version}"


def _how_to_send(topic: Topic) -> str:
    return (
        f"Kafka topic: {topic.name}, published by {topic.publisher}. The key of the message is "
        f"the event's subject, {topic.key}, in UTF-8; the value is this JSON, "
        f"at most {MAX_EVENT_BYTES} bytes. Fields that are not named here are ignored."
    )


def _subject_pattern(topic: Topic) -> str:
    identifier = get_args(Identifier)[1].pattern.removeprefix("^").removesuffix("$")
    return "^" + "/".join(identifier for _ in topic.key.split("/")) + "$"


def _example(event: type[CloudEvent], topic: Topic, data: dict[str, Any]) -> dict[str, Any]:
    names = data.get("invitee", data)
    return {
        "specversion": "1.0",
        "id": str(uuid5(NAMESPACE_URL, _schema_id(event))),
        "source": f"portico/{event.publisher}",
        "type": event.type_name(),
        "subject": "/".join(names[part] for part in topic.key.split("/")),
        "time": _EXAMPLE_TIME,
        "datacontenttype": "application/json",
        "dataschema": _schema_id(event),
        "traceparent": _EXAMPLE_TRACEPARENT,
        "data": data,
    }


def _channel(topic: Topic) -> dict[str, Any]:
    names = [event.__name__ for event in topic.events]
    return {
        "address": topic.name,
        "description": f"{', '.join(names)}. Published by {topic.publisher}; key: {topic.key}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"kafka": _channel_binding(topic)},
    }


def _channel_binding(topic: Topic) -> dict[str, Any]:
    if topic.retention is None:
        configuration: dict[str, Any] = {"cleanup.policy": ["compact"]}
    else:
        milliseconds = int(topic.retention.total_seconds() * 1000)
        configuration = {"cleanup.policy": ["delete"], "retention.ms": milliseconds}
    return {
        "topic": topic.name,
        "partitions": topic.partitions,
        "topicConfiguration": configuration,
        "bindingVersion": "0.5.0",
    }


def _operation_id(topic: Topic) -> str:
    return f"publish.{topic.name}"


def _operation(topic: Topic) -> dict[str, Any]:
    channel = f"#/channels/{topic.name}"
    return {
        "action": "send",
        "channel": {"$ref": channel},
        "summary": f"Published by {topic.publisher}.",
        "messages": [{"$ref": f"{channel}/messages/{event.__name__}"} for event in topic.events],
    }


def _message(event: type[CloudEvent]) -> dict[str, Any]:
    topic = TOPIC_BY_EVENT[event]
    key = {"type": "string", "description": topic.key, "pattern": _subject_pattern(topic)}
    return {
        "name": event.type_name(),
        "title": event.__name__,
        "summary": event.__doc__,
        "contentType": "application/cloudevents+json",
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": {"$ref": f"./{file_of(event)}"},
        },
        "bindings": {"kafka": {"key": key, "bindingVersion": "0.5.0"}},
    }


def _as_json(value: JsonSchemaValue) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _as_yaml(value: dict[str, Any]) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)


def main(check: bool) -> int:
    """Write the files, or only look at them; print what changed or is stale.

    Returns:
        The exit code: 1 when `check` finds a stale file.
    """
    names = stale() if check else write()
    for name in names:
        print(f"{'stale' if check else 'written'}: {FOLDER / name}")
    if check and names:
        print("Run `portico schemas`, look at the difference, and commit it.", file=sys.stderr)
    return int(check and bool(names))


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
