"""asyncapi.yaml is a valid AsyncAPI 3.0 document of the topics that Kafka has."""

from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from cli.schemas import FOLDER
from contracts.topics import TOPICS, Topic
from tests.contract.schema_files import vendored

every_topic = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The committed document."""
    content: dict[str, Any] = yaml.safe_load((FOLDER / "asyncapi.yaml").read_text())
    return content


def references(node: object) -> list[str]:
    """Return all $ref below a node."""
    if isinstance(node, dict):
        inner = [found for value in node.values() for found in references(value)]
        return [node["$ref"], *inner] if "$ref" in node else inner
    if isinstance(node, list):
        return [found for each in node for found in references(each)]
    return []


def test_it_is_a_valid_asyncapi_document(document: dict[str, Any]) -> None:
    errors = Draft7Validator(vendored("asyncapi-3.0.0.json")).iter_errors(document)
    assert [f"{error.json_path}: {error.message[:200]}" for error in errors] == []


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = references(document)
    assert found
    for reference in found:
        if reference.startswith("./"):
            assert (FOLDER / reference).is_file(), reference
            continue
        node: Any = document
        for step in reference.removeprefix("#/").split("/"):
            assert step in node, reference
            node = node[step]


@every_topic
def test_a_channel_tells_partitions_and_retention(topic: Topic, document: dict[str, Any]) -> None:
    kafka = document["channels"][topic.name]["bindings"]["kafka"]
    configuration = kafka["topicConfiguration"]
    assert kafka["partitions"] == topic.partitions
    if topic.retention is None:
        assert configuration == {"cleanup.policy": ["compact"]}
    else:
        assert configuration["retention.ms"] == topic.retention.total_seconds() * 1000


@every_topic
def test_an_operation_names_the_publisher_and_all_its_events(
    topic: Topic, document: dict[str, Any]
) -> None:
    operation = document["operations"][f"publish.{topic.name}"]
    names = [each["$ref"].rpartition("/")[2] for each in operation["messages"]]
    assert operation["action"] == "send"
    assert topic.publisher in operation["summary"]
    assert names == [event.__name__ for event in topic.events]
