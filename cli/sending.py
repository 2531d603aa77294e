"""Many messages to Kafka, as fast as it takes them."""

import asyncio
from collections.abc import Callable, Iterable
from itertools import islice

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from cli.errors import CommandError
from contracts.topics import CHART_INVITES

AT_ONCE = 5000
BATCH_BYTES = 262_144
Message = tuple[bytes, bytes]


async def send(servers: str, messages: Iterable[Message], sent: Callable[[int], None]) -> None:
    """Send (key, value) messages to the topic of invitations, in order.

    Args:
        servers: Kafka's host:port, several separated by commas.
        messages: What to send.
        sent: Told how many more were taken, again and again.

    Raises:
        CommandError: Kafka cannot be reached, or refused a message; some may have been taken.
    """
    producer = AIOKafkaProducer(
        bootstrap_servers=servers,
        acks="all",
        enable_idempotence=True,
        linger_ms=5,
        max_batch_size=BATCH_BYTES,
    )
    rest = iter(messages)
    done = 0
    try:
        await producer.start()
        while batch := list(islice(rest, AT_ONCE)):
            await _send_batch(producer, batch)
            done += len(batch)
            sent(len(batch))
    except (OSError, KafkaError) as error:
        raise CommandError(_failure(servers, done, error)) from error
    finally:
        await producer.stop()


async def _send_batch(producer: AIOKafkaProducer, batch: list[Message]) -> None:
    topic = CHART_INVITES.name
    taken = [await producer.send(topic, value, key=key) for key, value in batch]
    await asyncio.gather(*taken)


def _failure(servers: str, done: int, error: Exception) -> str:
    return (
        f"Kafka at {servers} does not take the events ({type(error).__name__}). {done:,} are "
        "published for certain. Send the whole file again when Kafka is back: an event that was "
        "published already is ignored."
    )
