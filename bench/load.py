"""Offering a load: publish as fast as Kafka takes it, and see how long each mail took."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer

from bench.smtp_sink import Sink

PATIENCE_SECONDS = 300.0
_DOMAIN = "bench.test"


@dataclass(frozen=True)
class Rate:
    """How fast invitations became mails; latencies from publishing to the mail's arrival."""

    invites_per_s: float
    ms_p50: float
    ms_p99: float


def address(run: str, number: int) -> str:
    """Return the address of one invitee of a run."""
    return f"{run}-{number}@{_DOMAIN}"


async def offer(
    bootstrap_servers: str, topic: str, run: str, messages: Sequence[tuple[str, bytes]], sink: Sink
) -> Rate:
    """Publish the (key, value) messages and wait until each invitee of the run has one mail.

    Raises:
        TimeoutError: some have none after PATIENCE_SECONDS.
        RuntimeError: somebody got two.
    """
    already = len(sink.arrivals)
    begun = time.perf_counter()
    published = await _publish(bootstrap_servers, topic, messages)
    await sink.wait_for(already + len(messages), PATIENCE_SECONDS)
    arrivals = [sink.arrivals[address(run, number)] for number in range(len(messages))]
    if twice := sum(len(times) > 1 for times in arrivals):
        raise RuntimeError(f"{twice} invitees got more than one mail")
    waits = sorted(
        (times[0] - sent) * 1000 for times, sent in zip(arrivals, published, strict=True)
    )
    lasted = max(times[0] for times in arrivals) - begun
    count = len(messages)
    return Rate(count / lasted, waits[count // 2], waits[int(count * 0.99)])


async def _publish(
    bootstrap_servers: str, topic: str, messages: Sequence[tuple[str, bytes]]
) -> list[float]:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers, acks="all", linger_ms=5)
    await producer.start()
    times, sent = [], []
    for key, value in messages:
        times.append(time.perf_counter())
        sent.append(await producer.send(topic, value, key=key.encode()))
    await asyncio.gather(*sent)
    await producer.stop()
    return times
