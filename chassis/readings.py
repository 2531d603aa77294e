"""What is looked up when somebody asks for metrics, and never while working."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from math import nan

from prometheus_client import Gauge
from sqlalchemy import text

from chassis import metrics, telemetry
from chassis.database import Database
from chassis.progress import Progress

LIMIT_SECONDS = 2.0
MOST_COUNTED = 100_000

_OUTBOX = text("""
    SELECT (SELECT count(*) FROM (SELECT FROM outbox LIMIT :most) AS counted) AS waiting,
        (SELECT extract(epoch FROM clock_timestamp()
                - CAST(CAST(convert_from(payload, 'UTF8') AS json) ->> 'time' AS timestamptz))
            FROM outbox ORDER BY id LIMIT 1) AS age
""")

_log = telemetry.logger("readings")


@dataclass(frozen=True)
class Reading:
    """Some gauges, and how to look up what they stand at, in their order."""

    gauges: tuple[Gauge, ...]
    values: Callable[[], Awaitable[Sequence[float]]]


def outbox_of(database: Database) -> Reading:
    """Return the reading of how many events wait in an outbox, and for how long."""

    async def values() -> Sequence[float]:
        async with database.engine.connect() as connection:
            row = (await connection.execute(_OUTBOX, {"most": MOST_COUNTED})).one()
        return row.waiting, max(0.0, float(row.age or 0))

    return Reading((metrics.OUTBOX_EVENTS, metrics.OUTBOX_AGE), values)


def lag_of(progress: Progress) -> Reading:
    """Return the reading of how far a consumer is behind."""

    async def values() -> Sequence[float]:
        return (await progress.lag(),)

    return Reading((metrics.CONSUMER_LAG,), values)


async def take(readings: Sequence[Reading]) -> None:
    """Set the gauges of all readings; those of one that fails say that nobody knows (NaN)."""
    taken = await asyncio.gather(*(_values(reading) for reading in readings))
    for reading, values in zip(readings, taken, strict=True):
        for gauge, value in zip(reading.gauges, values, strict=True):
            gauge.set(value)


async def _values(reading: Reading) -> Sequence[float]:
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            return await reading.values()
    except Exception as error:  # noqa: BLE001 - a scrape tells what can be told
        _log.warning("cannot be measured now", exc=error)
        return [nan] * len(reading.gauges)
