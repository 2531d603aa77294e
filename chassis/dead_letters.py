"""Dead letters: what a consumer could not handle waits in `<topic>.dlq`, with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from aiokafka import ConsumerRecord

from chassis import metrics, telemetry
from chassis.broker import Broker
from contracts.envelope import utc_now

_log = telemetry.logger("dead_letters")


KEPT_BYTES = 1_048_576
"""What a dead letter keeps of a record, at most; it fits into a request with its headers."""
KEPT_KEY_BYTES = 4096
"""What it keeps of the key, at most: the keys of events are far shorter."""


class Reason(StrEnum):
    """Why an event could not be handled; stable, for machines."""

    MALFORMED = "malformed"
    OVERSIZED = "oversized"
    WRONG_VERSION = "wrong_version"
    KEY_MISSING = "key_missing"
    KEY_WRONG = "key_wrong"
    HANDLER_FAILED = "handler_failed"


@dataclass(frozen=True)
class DeadLetter:
    """A record that was given up, and why; `detail` quotes none of its values."""

    record: ConsumerRecord
    reason: Reason
    detail: str


def expect_from(topics: Iterable[str]) -> None:
    """Count from 0 what may come of these topics: an alert sees a rise from 0, not from nothing."""
    for topic in topics:
        for reason in Reason:
            metrics.DEAD_LETTERS.labels(topic=topic, reason=reason.value)


async def publish(broker: Broker, service: str, letter: DeadLetter) -> None:
    """Put a record into its topic's dead letters, byte for byte, with the reason in its headers.

    One that was compressed may be larger than Kafka takes from us: its beginning is kept then, and
    the headers say its whole size and where it is.

    Raises:
        KafkaError: Kafka did not take it.
    """
    record = letter.record
    headers = {
        "reason": letter.reason.value,
        "detail": letter.detail[:2000],
        "consumer": service,
        "topic": record.topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
        "failed_at": utc_now().isoformat(),
    }
    value = record.value or b""
    if len(value) > KEPT_BYTES:
        headers["truncated_from_bytes"] = str(len(value))
    encoded = [(name, value.encode()) for name, value in headers.items()]
    await broker.send(f"{record.topic}.dlq", _fitting_key(record.key), value[:KEPT_BYTES], encoded)
    telemetry.EVENTS.labels(event=letter.reason.value, outcome="dead_lettered").inc()
    metrics.DEAD_LETTERS.labels(topic=record.topic, reason=letter.reason.value).inc()
    _log.error("dead letter", **headers)


def _fitting_key(key: bytes | None) -> bytes | None:
    return key and key[:KEPT_KEY_BYTES]
