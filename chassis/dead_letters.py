"""Dead letters: what a consumer could not handle waits in `<topic>.dlq`, with the reason."""

from dataclasses import dataclass
from enum import StrEnum

from aiokafka import ConsumerRecord

from chassis import telemetry
from chassis.broker import Broker
from contracts.envelope import utc_now

_log = telemetry.logger("dead_letters")


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


async def publish(broker: Broker, service: str, letter: DeadLetter) -> None:
    """Put a record into its topic's dead letters, byte for byte, with the reason in its headers.

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
    encoded = [(name, value.encode()) for name, value in headers.items()]
    await broker.send(f"{record.topic}.dlq", record.key, record.value or b"", encoded)
    telemetry.EVENTS.labels(event=letter.reason.value, outcome="dead_lettered").inc()
    _log.error("dead letter", **headers)
