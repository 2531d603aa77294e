"""What the services of the running stack know of people now, for `portico trace`."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from chassis.records import CALLER, Record
from chassis.security.service_calls import Signer
from cli.deciding import kafka_servers
from cli.terminal import console, print_folded
from devstack.credentials import load_or_create
from devstack.paths import Home, default_home
from devstack.services import OPS_CONSOLE
from devstack.state import running_stack
from services.ops_console.service_records import Found, ServiceRecords
from services.ops_console.stories import Story, invitations_by_person
from services.ops_console.words import moment

Known = Mapping[str, Found]
"""By `organization/chart/person`."""


def of(stories: Sequence[Story]) -> Known:
    """Ask the services of the running stack; nobody where the stories are another Kafka's."""
    home = Home(default_home())
    running = running_stack(home)
    if running is None or running.kafka != kafka_servers():
        return {}
    signer = Signer(CALLER, load_or_create(home.secrets).ops_signing_key)
    urls = {each.name: each.url for each in running.services if each.name != OPS_CONSOLE.name}
    return asyncio.run(_ask(ServiceRecords(urls, signer), stories))


async def _ask(services: ServiceRecords, stories: Sequence[Story]) -> Known:
    people = invitations_by_person(stories)
    try:
        return {person: await services.of(person, ids) for person, ids in people.items()}
    finally:
        await services.close()


def as_json(known: Known) -> dict[str, Any]:
    """Return it for programs; null for a service that did not answer."""
    return {
        person: {
            service: None if records is None else [one.model_dump(mode="json") for one in records]
            for service, records in found.items()
        }
        for person, found in known.items()
    }


def show(known: Known) -> None:
    """Print it, and who did not answer."""
    for person, found in known.items():
        console.print(f"\nWhat the services know now of {person} (UTC)", soft_wrap=True)
        for service, records in found.items():
            if records is None:
                console.print(f"{service} did not tell what it knows.")
            elif records:
                console.print(service)
            for one in records or []:
                _print(one)


def _print(one: Record) -> None:
    head = f"  {moment(one.at) if one.at else '':<19}  "
    told = f"{one.what}: {one.state}"
    print_folded(head + (f"{told}, {one.detail}" if one.detail else told), len(head))
