"""A trace goes on from an event to its answer, and from a request over HTTP to Kafka."""

from uuid import uuid4

import httpx

from chassis.security.service_calls import Signer
from contracts.chart import InviteRequested, InviteRequestedData
from contracts.invitations import InvitationAccepted
from contracts.scopes import Role
from tests.event_log import EventLog
from tests.integration.invitation_service.conftest import Center


def new_traceparent() -> str:
    return f"00-{uuid4().hex}-00f067aa0ba902b7-01"


async def test_an_invitation_is_issued_in_the_trace_of_its_request(center: Center) -> None:
    await center.opens()
    data = InviteRequestedData(invitee=await center.has(), role=Role.PATIENT)
    request = InviteRequested.of(data, traceparent=new_traceparent())
    await center.events.publish(request)
    assert (await center.issued(request)).traceparent == request.traceparent


async def test_an_invitation_is_accepted_in_the_trace_of_the_call(
    service: str, signer: Signer, center: Center, events: EventLog
) -> None:
    await center.opens()
    request = await center.invites(await center.has())
    headers = {
        "Authorization": f"Bearer {signer.sign('invitation_service')}",
        "traceparent": (traceparent := new_traceparent()),
    }
    body = {
        "token": await center.token_of(request),
        "redemption_id": str(uuid4()),
        "account_id": str(uuid4()),
    }
    async with httpx.AsyncClient(base_url=service, headers=headers) as client:
        assert (await client.post("/api/v1/redemptions", json=body)).status_code == 200
    (accepted,) = await events.wait_for(
        InvitationAccepted, lambda event: event.data.invitation_id == request.id
    )
    assert accepted.traceparent == traceparent
