"""The least that an invitation's way can cost: three plain loops without any guarantee.

No inbox, no outbox, no validation, no eligibility, no supersede, no retry: consume, insert, go on.
It uses the same Kafka, the same PostgreSQL and the same kind of mail as Portico, and nothing else
of Portico's. `python -m bench.floor issue|mail|alert` runs one loop, told by FLOOR_… variables.
"""

import asyncio
import hashlib
import json
import os
import secrets
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiosmtplib import SMTP

REQUESTS, ISSUED, SENT = "floor.requests", "floor.issued", "floor.sent"
TABLES = """
CREATE TABLE invitations (id text PRIMARY KEY, email text, token_hash bytea, key text);
CREATE TABLE mails (id text PRIMARY KEY, email text);
CREATE TABLE alerts (id text PRIMARY KEY, key text, state text);
"""
_BATCH = 1000
_CONNECTIONS = 8

Event = dict[str, Any]
Step = Callable[[list[Event]], Awaitable[list[Event]]]


async def run(source: str, target: str | None, step: Step) -> None:
    """Consume batches of `source`, do the step, and publish what it returns to `target`."""
    servers = os.environ["FLOOR_KAFKA"]
    consumer = AIOKafkaConsumer(
        source,
        bootstrap_servers=servers,
        group_id=f"floor-{source}",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    producer = AIOKafkaProducer(bootstrap_servers=servers, acks="all", linger_ms=0)
    await consumer.start()
    await producer.start()
    while True:
        found = await consumer.getmany(timeout_ms=100, max_records=_BATCH)
        events = [json.loads(record.value) for records in found.values() for record in records]
        if not events:
            continue
        results = await step(events)
        if target:
            sent = [
                await producer.send(target, json.dumps(event).encode(), key=event["key"].encode())
                for event in results
            ]
            await asyncio.gather(*sent)
        await consumer.commit()


def issue(database: asyncpg.Pool) -> Step:
    """Make a token for each request and keep its hash."""

    async def step(events: list[Event]) -> list[Event]:
        for event in events:
            event["token"] = secrets.token_urlsafe(32)
        await database.execute(
            "INSERT INTO invitations SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], "
            "$4::text[])",
            [event["id"] for event in events],
            [event["email"] for event in events],
            [hashlib.sha256(event["token"].encode()).digest() for event in events],
            [event["key"] for event in events],
        )
        return events

    return step


def mail(database: asyncpg.Pool, message: str) -> Step:
    """Send each mail over one of a few connections and keep that it was sent."""
    port = int(os.environ["FLOOR_SMTP_PORT"])
    clients = [SMTP(hostname="127.0.0.1", port=port, start_tls=False) for _ in range(_CONNECTIONS)]

    async def send(client: SMTP, events: list[Event]) -> None:
        if not client.is_connected:
            await client.connect()
        for event in events:
            filled = message.replace("@@TO@@", event["email"]).replace("@@TOKEN@@", event["token"])
            await client.sendmail("no-reply@portico.example", [event["email"]], filled)

    async def step(events: list[Event]) -> list[Event]:
        shares = (events[start::_CONNECTIONS] for start in range(_CONNECTIONS))
        await asyncio.gather(*map(send, clients, shares))
        await database.execute(
            "INSERT INTO mails SELECT * FROM unnest($1::text[], $2::text[])",
            [event["id"] for event in events],
            [event["email"] for event in events],
        )
        return events

    return step


def alert(database: asyncpg.Pool) -> Step:
    """Keep that the invitation was mailed."""

    async def step(events: list[Event]) -> list[Event]:
        await database.execute(
            "INSERT INTO alerts SELECT *, 'sent' FROM unnest($1::text[], $2::text[]) "
            "ON CONFLICT (id) DO UPDATE SET state = excluded.state",
            [event["id"] for event in events],
            [event["key"] for event in events],
        )
        return []

    return step


async def main(loop: str) -> None:
    """Run one of the three loops for ever."""
    database = await asyncpg.create_pool(os.environ["FLOOR_DATABASE"], min_size=1, max_size=2)
    if loop == "issue":
        await run(REQUESTS, ISSUED, issue(database))
    elif loop == "mail":
        await run(ISSUED, SENT, mail(database, os.environ["FLOOR_MESSAGE"]))
    else:
        await run(SENT, None, alert(database))


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
