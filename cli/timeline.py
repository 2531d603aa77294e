"""What happened to invitations, told by the events on Kafka's topics."""

import asyncio
import json
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer

from contracts.access import PortalAccessGranted
from contracts.topics import (
    CHART_INVITES,
    INVITATION_LIFECYCLE,
    NOTIFICATION_DELIVERIES,
    PORTAL_ACCESS,
)

TOPICS = (CHART_INVITES, INVITATION_LIFECYCLE, NOTIFICATION_DELIVERIES, PORTAL_ACCESS)
PATIENCE = 30.0

_NAMES = {event.type_name(): event.name for topic in TOPICS for event in topic.events}


class Step(NamedTuple):
    """One event of an invitation."""

    name: str
    at: datetime
    data: dict[str, Any]


Timelines = dict[str, list[Step]]


def read(servers: str, invitations: Iterable[str], expected: Collection[str]) -> Timelines:
    """Return the events of each invitation in the order of their time.

    Returns as soon as each invitation has the expected events, at the latest after 30 s.
    """
    timelines: Timelines = {invitation: [] for invitation in invitations}
    asyncio.run(_consume(servers, timelines, set(expected)))
    return {id_: sorted(steps, key=lambda step: step.at) for id_, steps in timelines.items()}


def granted_scopes(steps: list[Step]) -> list[str]:
    """Return the scopes that an invitation brought."""
    granted = (step for step in steps if step.name == PortalAccessGranted.name)
    return [str(scope) for step in granted for scope in step.data["scopes"]]


async def _consume(servers: str, timelines: Timelines, expected: set[str]) -> None:
    topics = [topic.name for topic in TOPICS]
    consumer = AIOKafkaConsumer(*topics, bootstrap_servers=servers, auto_offset_reset="earliest")
    await consumer.start()
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not all(expected <= _names(steps) for steps in timelines.values()):
                    _note(json.loads((await consumer.getone()).value), timelines)
    finally:
        await consumer.stop()


def _note(event: dict[str, Any], timelines: Timelines) -> None:
    # An invitation's id is the id of the event that requested it.
    steps = timelines.get(event["data"].get("invitation_id", event["id"]))
    if steps is not None:
        at = datetime.fromisoformat(event["time"])
        steps.append(Step(_NAMES[event["type"]], at, event["data"]))


def _names(steps: list[Step]) -> set[str]:
    return {step.name for step in steps}
