"""A stack of a test's own in which things are killed, and what must hold all the same."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from cli.temporary_stack import PORT_VARIABLES
from contracts.access import FacesheetAlertCleared
from contracts.chart import InviteRequested, InviteRequestedData
from contracts.deliveries import InvitationSent
from contracts.envelope import Invitee
from contracts.invitations import InvitationIssued
from contracts.scopes import Role
from devstack.paths import temporary_folder
from devstack.size import Size
from devstack.stack import Stack
from devstack.status import Status, status
from tests.event_log import EventLog

PATIENCE = 120.0


@dataclass
class Center:
    """A running stack, and a treatment centre in it."""

    stack: Stack
    events: EventLog
    emr: httpx.AsyncClient
    inbox: httpx.AsyncClient

    def now(self) -> Status:
        """What runs, with true process ids."""
        return status(self.stack.home.folder)

    async def has_charts(self, count: int) -> list[InviteRequested]:
        """Make an organisation with so many charts; return a request to invite each patient."""
        organization = f"o-{uuid4().hex[:8]}"
        path = f"/api/v1/organizations/{organization}"
        body = {"name": "Sunrise", "phone": "+1 202-555-0143"}
        (await self.emr.put(path, json=body)).raise_for_status()
        charts = [_chart(number) for number in range(count)]
        (await self.emr.post(f"{path}/charts", json=charts)).raise_for_status()
        return [_request(organization, number) for number in range(count)]

    async def message_ids(self, organization: str) -> dict[str, set[str]]:
        """Return the Message-IDs in the inbox per recipient of an organisation."""
        answer = (await self.inbox.get("/api/v1/messages", params={"limit": 20_000})).json()
        found: dict[str, set[str]] = defaultdict(set)
        for mail in answer["messages"]:
            recipient = mail["To"][0]["Address"]
            if recipient.endswith(f"@{organization}.example"):
                found[recipient].add(mail["MessageID"])
        return found

    async def alerts(self, request: InviteRequested) -> list[dict[str, Any]]:
        """Return the alerts on a request's facesheet."""
        invitee = request.data.invitee
        path = f"/api/v1/organizations/{invitee.organization}/charts/{invitee.chart}/alerts"
        found: list[dict[str, Any]] = (await self.emr.get(path)).raise_for_status().json()
        return found


@asynccontextmanager
async def running_center(size: Size) -> AsyncIterator[Center]:
    """Start a stack of this size on free ports; stop and delete it at the end."""
    with temporary_folder() as folder, pytest.MonkeyPatch.context() as environment:
        for variable in PORT_VARIABLES:
            environment.setenv(variable, "0")
        stack = Stack(folder, size=size)
        await asyncio.to_thread(stack.start)
        try:
            async with _clients(stack) as center:
                yield center
        finally:
            await asyncio.to_thread(stack.stop)


async def each_is_mailed_once(center: Center, requests: list[InviteRequested]) -> None:
    """Wait until each request became one mail and one alert, and see that no more came of it."""
    organization = requests[0].data.invitee.organization
    ids = {request.id for request in requests}
    sent = await center.events.wait_for_different(
        InvitationSent, lambda e: e.data.invitation_id in ids, len(requests), PATIENCE
    )
    # Another topic: after a restart of Kafka the log may come to it later.
    issued = await center.events.wait_for_different(
        InvitationIssued, lambda e: e.data.invitation_id in ids, len(requests), PATIENCE
    )
    assert {event.data.invitation_id for event in sent} == ids
    # The relay may publish an event twice, never two events for one invitation.
    assert len({event.id for event in issued}) == len(requests)
    assert len({event.id for event in sent}) == len(requests)
    mails = await center.message_ids(organization)
    assert len(mails) == len(requests)
    assert all(len(message_ids) == 1 for message_ids in mails.values())
    assert not center.events.of(FacesheetAlertCleared, lambda e: e.data.invitation_id in ids)
    assert not center.events.dead_letters
    await _each_facesheet_says_so(center, requests)


async def _each_facesheet_says_so(center: Center, requests: list[InviteRequested]) -> None:
    async with asyncio.timeout(PATIENCE):
        for request in requests:
            while [alert["state"] for alert in await center.alerts(request)] != ["sent"]:  # noqa: ASYNC110
                await asyncio.sleep(0.1)


def _chart(number: int) -> dict[str, Any]:
    patient = {"id": "patient", "given_name": "Ana", "family_name": "Lopez"}
    return {"id": f"c-{number}", "mrn": f"m-{number}", "patient": patient}


def _request(organization: str, number: int) -> InviteRequested:
    invitee = Invitee(organization=organization, chart=f"c-{number}", person="patient")
    email = f"p-{number}@{organization}.example"
    return InviteRequested.of(InviteRequestedData(invitee=invitee, role=Role.PATIENT, email=email))


@asynccontextmanager
async def _clients(stack: Stack) -> AsyncIterator[Center]:
    now = status(stack.home.folder)
    assert now["credentials"] is not None
    headers = {"Authorization": f"Bearer {now['credentials']['api_token']}"}
    async with (
        EventLog(stack.infrastructure.kafka.bootstrap_servers) as events,
        httpx.AsyncClient(base_url=str(now["urls"]["emr"]), headers=headers, timeout=30) as emr,
        httpx.AsyncClient(base_url=str(now["urls"]["inbox"]), timeout=30) as inbox,
    ):
        yield Center(stack, events, emr, inbox)
