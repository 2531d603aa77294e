"""Publishers may compress as they like: nothing they send stops a consumer."""

import pytest
from aiokafka import AIOKafkaProducer

from contracts.chart import InviteRequested
from contracts.topics import CHART_PEOPLE
from devstack.infrastructure import Infrastructure
from tests.event_log import EventLog
from tests.integration.chassis.conftest import Center

pytestmark = pytest.mark.usefixtures("service")
CODECS = ("gzip", "snappy", "lz4", "zstd")


async def publish(infrastructure: Infrastructure, codec: str, key: str, *messages: bytes) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=infrastructure.kafka.bootstrap_servers,
        compression_type=codec,
        max_request_size=8_000_000,
    )
    async with producer:
        for message in messages:
            await producer.send_and_wait(CHART_PEOPLE.name, message, key=key.encode())


@pytest.mark.parametrize("codec", CODECS)
async def test_a_compressed_event_is_handled(
    infrastructure: Infrastructure, log: EventLog, center: Center, codec: str
) -> None:
    event = center.changed(1, 7)
    await publish(infrastructure, codec, event.subject, event.model_dump_json().encode())
    await log.wait_for(InviteRequested, center.owns)


async def test_a_message_too_large_for_the_dead_letters_is_kept_in_part_and_stops_nothing(
    infrastructure: Infrastructure, log: EventLog, center: Center
) -> None:
    event = center.changed(1, 7)
    huge = b'{"filler": "' + b"x" * 3_000_000 + b'"}'
    await publish(infrastructure, "gzip", event.subject, huge, event.model_dump_json().encode())
    letter = await log.wait_for_dead_letter(lambda found: found.key == event.subject.encode())
    headers = {name: value.decode() for name, value in letter.headers}
    assert headers["reason"] == "oversized"
    assert headers["truncated_from_bytes"] == str(len(huge))
    assert huge.startswith(letter.value or b"?")
    await log.wait_for(InviteRequested, center.owns)
