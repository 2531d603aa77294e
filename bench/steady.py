"""A steady flow of invitations to the same people again and again, for as long as one likes."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer

from bench.load import address
from bench.prepare import request
from bench.smtp_sink import Sink
from contracts.topics import CHART_INVITES

_TICK_SECONDS = 0.05
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Kept:
    """Whether the mails kept up with a flow; latencies from publishing to the mail's arrival."""

    seconds: float
    offered_per_s: float
    mailed_per_s: float
    ms_p50: float
    ms_p99: float
    missing: int
    """Mails that never came."""


async def flow(
    bootstrap_servers: str, run: str, people: int, per_second: float, seconds: float, sink: Sink
) -> Kept:
    """Publish so many requests a second, and see that each becomes a mail."""
    published: dict[str, list[float]] = {}
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers, acks="all", linger_ms=5)
    await producer.start()
    begun = time.perf_counter()
    number = 0
    while (passed := time.perf_counter() - begun) < seconds:
        while number < passed * per_second:
            who = number % people
            key, value = request(run, who)
            published.setdefault(address(run, who), []).append(time.perf_counter())
            await producer.send(CHART_INVITES.name, value, key=key.encode())
            number += 1
        await asyncio.sleep(_TICK_SECONDS)
    await producer.stop()
    missing = await _missing(published, sink)
    return _kept(published, sink, begun, number, missing)


async def _missing(published: dict[str, list[float]], sink: Sink) -> int:
    deadline = time.perf_counter() + _PATIENCE_SECONDS
    wanted = Counter({who: len(times) for who, times in published.items()})
    while True:
        arrived = Counter({who: len(sink.arrivals.get(who, ())) for who in published})
        missing = (wanted - arrived).total()
        if not missing or time.perf_counter() > deadline:
            return missing
        await asyncio.sleep(_TICK_SECONDS)


def _kept(
    published: dict[str, list[float]], sink: Sink, begun: float, number: int, missing: int
) -> Kept:
    arrivals = {who: sink.arrivals.get(who, []) for who in published}
    waits = sorted(
        (arrived - sent) * 1000
        for who, times in published.items()
        for sent, arrived in zip(times, arrivals[who], strict=False)
    )
    last_sent = max(times[-1] for times in published.values())
    last = max(times[-1] for times in arrivals.values() if times)
    return Kept(
        seconds=round(last_sent - begun, 1),
        offered_per_s=number / (last_sent - begun),
        mailed_per_s=len(waits) / (last - begun),
        ms_p50=waits[len(waits) // 2],
        ms_p99=waits[int(len(waits) * 0.99)],
        missing=missing,
    )
