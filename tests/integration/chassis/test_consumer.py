"""A consumer handles what it can, gives up what it cannot, and never stops."""

import json

import pytest
from prometheus_client import REGISTRY

from chassis.broker import Broker
from chassis.database import Database
from contracts.chart import InviteRequested
from contracts.envelope import MAX_EVENT_BYTES
from tests.event_log import EventLog
from tests.integration.chassis.conftest import (
    NAME,
    POISON,
    SECRET,
    Center,
    handled,
    numbers_by_key,
    send,
)

TOPIC = "chart.people.v1"


def skipped() -> float:
    """Return how many messages of types that nobody knows were counted."""
    labels = {"event": "unknown", "outcome": "skipped"}
    return REGISTRY.get_sample_value("portico_events_total", labels) or 0.0


async def test_an_event_that_no_handler_can_handle_is_kept_aside_with_the_reason(
    database: Database, log: EventLog, broker: Broker, center: Center
) -> None:
    poison = center.changed(3, POISON)
    neighbours = [center.changed(person, number) for number in range(10) for person in range(6)]
    await send(broker, [*neighbours[:30], poison, *neighbours[30:]])
    await log.wait_for(InviteRequested, center.owns, count=60)
    letter = await log.wait_for_dead_letter(lambda found: found.key == poison.subject.encode())
    headers = {name: value.decode() for name, value in letter.headers}
    assert letter.topic == "chart.people.v1.dlq"
    assert letter.value == poison.model_dump_json().encode()
    assert headers["reason"] == "handler_failed"
    assert headers["detail"] == "ValueError"
    assert headers["consumer"] == NAME
    assert headers["topic"] == TOPIC
    assert headers["partition"].isdigit()
    assert headers["offset"].isdigit()
    assert headers["failed_at"]
    assert SECRET not in str(headers)
    expected = {center.invitee(person).key: list(range(10)) for person in range(6)}
    assert numbers_by_key(await handled(database, center)) == expected


async def test_an_event_that_comes_again_is_handled_once(
    database: Database, log: EventLog, broker: Broker, center: Center
) -> None:
    first, second, last = (center.changed(1, number) for number in range(3))
    await send(broker, [first, first, second, first])
    await log.wait_for(InviteRequested, center.owns, count=2)
    await send(broker, [first, second, last])
    await log.wait_for(InviteRequested, center.owns, count=3)
    key = center.invitee(1).key
    assert await handled(database, center) == [(key, 0), (key, 1), (key, 2)]
    assert len(log.of(InviteRequested, center.owns)) == 3


@pytest.mark.parametrize(
    ("reason", "changes", "person_in_key"),
    [
        ("malformed", {"time": "yesterday"}, 1),
        ("oversized", {"source": "s" * MAX_EVENT_BYTES}, 1),
        ("wrong_version", {"type": "portico.PersonChanged.v2"}, 1),
        ("key_missing", {}, None),
        ("key_wrong", {}, 2),
    ],
)
async def test_a_message_that_is_no_event_of_ours_is_kept_aside_with_the_reason(
    log: EventLog, center: Center, reason: str, changes: dict[str, str], person_in_key: int | None
) -> None:
    bad = json.dumps(center.changed(1, 0).model_dump(mode="json") | changes).encode()
    key = center.invitee(person_in_key).key.encode() if person_in_key else b""
    await log.publish_raw(TOPIC, key, bad)
    letter = await log.wait_for_dead_letter(lambda found: found.value == bad)
    headers = {name: value.decode() for name, value in letter.headers}
    assert headers["reason"] == reason
    assert letter.key == key
    assert SECRET not in str(headers)
    await log.publish(center.changed(1, 1))
    await log.wait_for(InviteRequested, center.owns)


@pytest.mark.parametrize("nonsense", [b"", b"not json", b"\xff\xfe\x00", b"[1, 2]"])
async def test_nonsense_is_kept_aside_byte_for_byte(
    log: EventLog, center: Center, nonsense: bytes
) -> None:
    key = center.invitee(1).key.encode()
    await log.publish_raw(TOPIC, key, nonsense)
    letter = await log.wait_for_dead_letter(lambda found: found.key == key)
    assert letter.value == nonsense
    assert ("reason", b"malformed") in letter.headers


async def test_a_type_that_nobody_here_knows_is_skipped_and_counted(
    database: Database, log: EventLog, center: Center
) -> None:
    before = skipped()
    event = center.changed(1, 7)
    unknown = event.model_dump(mode="json") | {"type": "portico.SomethingNew.v1"}
    await log.publish_raw(TOPIC, event.subject.encode(), json.dumps(unknown).encode())
    await log.publish(event)
    await log.wait_for(InviteRequested, center.owns)
    assert skipped() == before + 1
    assert await handled(database, center) == [(event.subject, 7)]
    assert not [letter for letter in log.dead_letters if letter.key == event.subject.encode()]


async def test_an_event_carries_its_trace_on(log: EventLog, center: Center) -> None:
    traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    await log.publish(center.changed(1, 1).model_copy(update={"traceparent": traceparent}))
    (answer,) = await log.wait_for(InviteRequested, center.owns)
    assert answer.traceparent == traceparent


async def test_what_follows_from_an_event_without_a_trace_begins_one(
    log: EventLog, center: Center
) -> None:
    event = center.changed(1, 1)
    await log.publish(event)
    (answer,) = await log.wait_for(InviteRequested, center.owns)
    assert answer.traceparent == event.trace


async def test_what_is_received_is_counted_by_faststream_too(log: EventLog, center: Center) -> None:
    labels = {"app_name": NAME, "broker": "kafka", "handler": TOPIC}
    before = REGISTRY.get_sample_value("faststream_received_messages_total", labels) or 0.0
    await log.publish(center.changed(1, 1))
    await log.wait_for(InviteRequested, center.owns)
    after = REGISTRY.get_sample_value("faststream_received_messages_total", labels)
    assert after is not None
    assert after >= before + 1
