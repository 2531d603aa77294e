"""Discharge, coming of age and the end of access: who is invited then, and whose link is dead."""

from chassis.lag import caught_up
from contracts.access import AccessEndReason, PortalAccessEnded, PortalAccessEndedData
from contracts.chart import InviteRequested, Relationship
from contracts.envelope import utc_now
from contracts.invitations import InvitationRevoked, RejectionReason, RevocationReason
from contracts.scopes import Role
from contracts.topics import CHART_PEOPLE
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.invitation_service.conftest import Center, Invitations, Portal

ROSA = "rosa@sunrise.example"


async def invited(center: Center) -> tuple[InviteRequested, InviteRequested]:
    """Invite a chart's patient and guardian; return both requests, granted."""
    patient = await center.has()
    guardian = await center.has(person="g-1", relationship=Relationship.GUARDIAN, email=ROSA)
    requests = await center.invites(patient), await center.invites(guardian, Role.GUARDIAN)
    for request in requests:
        await center.issued(request)
    return requests


async def why_revoked(events: EventLog, request: InviteRequested) -> RevocationReason | None:
    (revoked,) = await events.wait_for(
        InvitationRevoked, lambda e: e.data.invitation_id == request.id
    )
    return revoked.data.reason


async def test_a_discharge_ends_invitations_where_the_organisation_says_so(
    center: Center, events: EventLog
) -> None:
    await center.opens(discharge_ends_access=True)
    requests = await invited(center)
    await center.has(discharged=True)
    for request in requests:
        assert await why_revoked(events, request) is RevocationReason.PATIENT_DISCHARGED
    again = await center.invites(requests[1].data.invitee, Role.GUARDIAN)
    assert await center.rejected(again) is RejectionReason.PATIENT_DISCHARGED


async def test_a_discharge_from_before_counts_once_the_organisation_says_so(
    center: Center, events: EventLog, portal: Portal
) -> None:
    await center.opens()
    requests = await invited(center)
    await center.has(discharged=True)
    token = await center.token_of(await center.invites(requests[0].data.invitee))
    stays = await center.invites(await center.has(chart="c-2"))
    assert (await portal.look_up(token)).json()["state"] == "open"
    await center.opens(discharge_ends_access=True)
    assert await why_revoked(events, requests[1]) is RevocationReason.PATIENT_DISCHARGED
    assert (await portal.look_up(token)).json()["state"] == "revoked"
    assert (await portal.look_up(await center.token_of(stays))).json()["state"] == "open"


async def test_when_the_patient_comes_of_age_guardians_are_invited_no_longer(
    center: Center, events: EventLog, portal: Portal
) -> None:
    await center.opens()
    patients, guardians = await invited(center)
    await center.has(of_age=True)
    assert await why_revoked(events, guardians) is RevocationReason.PATIENT_OF_AGE
    again = await center.invites(guardians.data.invitee, Role.GUARDIAN)
    assert await center.rejected(again) is RejectionReason.PATIENT_OF_AGE
    assert (await portal.redeem(await center.token_of(patients))).status_code == 200


async def test_a_revocation_that_staff_asked_for_says_so(center: Center, events: EventLog) -> None:
    await center.opens()
    request, _ = await invited(center)
    await center.revokes(request.data.invitee)
    assert await why_revoked(events, request) is RevocationReason.REQUESTED


async def test_who_has_no_access_any_more_can_be_invited_again_at_the_address_on_file(
    center: Center, events: EventLog, portal: Portal, invitations: Invitations, servers: Servers
) -> None:
    await center.opens()
    request, guardians = await invited(center)
    token = await center.token_of(request)
    account = (await portal.redeem(token)).json()["invitation_id"]
    data = PortalAccessEndedData(
        invitee=request.data.invitee,
        invitation_id=request.id,
        role=Role.PATIENT,
        account_id=account,
        reason=AccessEndReason.DISCONNECTED,
        ended_at=utc_now(),
    )
    await events.publish(PortalAccessEnded.of(data))
    await invitations.wait_until_ended(request.id)
    refused = await portal.redeem(token)
    assert refused.json()["type"] == "urn:portico:problem:invitation_ended"
    await center.has(email="ana.new@sunrise.example")
    # News of people and requests come over different topics, in no order between them.
    assert await caught_up(servers.kafka, "invitation_service", [CHART_PEOPLE], limit_seconds=60)
    again = await center.issued(await center.invites(request.data.invitee))
    assert again.data.email == "ana.new@sunrise.example"
    # Nobody has the old address on this chart now.
    at_old = await center.invites(guardians.data.invitee, Role.GUARDIAN, "ana@sunrise.example")
    await center.issued(at_old)
