"""Showing what is personal: only once it is written down who sees it, and why."""

import asyncio

from chassis.broker import Broker
from cli.deciding import actor, kafka_explained
from cli.errors import CommandError
from services.ops_console import audit
from services.ops_console.errors import EventsError


def write_reveal(servers: str, what: str, why: str) -> None:
    """Write to the audit log that whoever gives this command is about to see personal data.

    Raises:
        CommandError: There is no reason, or Kafka is away: show nothing.
    """
    try:
        with kafka_explained(servers):
            asyncio.run(_write(servers, what, why))
    except EventsError as error:
        raise CommandError(f"--reveal needs --why. {error}") from error


async def _write(servers: str, what: str, why: str) -> None:
    broker = Broker(servers)
    try:
        await audit.write_reveal(broker, actor(), what, why)
    finally:
        await broker.close()
