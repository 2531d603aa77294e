"""invitation_service decides on every request, whoever published it."""

from contracts.chart import Relationship
from contracts.invitations import (
    InvitationIssued,
    InvitationRejected,
    InvitationSuperseded,
    RejectionReason,
)
from contracts.scopes import Role
from tests.event_log import EventLog
from tests.integration.invitation_service.conftest import Center


async def test_a_patient_with_an_address_is_invited(center: Center, events: EventLog) -> None:
    await center.opens()
    patient = await center.has(email="ana@sunrise.example")
    request = await center.invites(patient)
    (issued,) = await events.wait_for(
        InvitationIssued, lambda e: e.data.invitation_id == request.id
    )
    assert issued.data.email == "ana@sunrise.example"
    assert issued.data.given_name == "Ana"


async def test_a_friend_is_refused_with_the_reason(center: Center, events: EventLog) -> None:
    await center.opens()
    await center.has()
    friend = await center.has(person="p-2", relationship=Relationship.FRIEND)
    request = await center.invites(friend, Role.GUARDIAN)
    (rejected,) = await events.wait_for(
        InvitationRejected, lambda e: e.data.invitation_id == request.id
    )
    assert rejected.data.reason is RejectionReason.RELATIONSHIP_NOT_ELIGIBLE


async def test_a_request_before_news_of_its_chart_waits_for_it(
    center: Center, events: EventLog
) -> None:
    await center.opens()
    patient = await center.has(chart="c-early", person="p-early")
    request = await center.invites(patient)
    await events.wait_for(InvitationIssued, lambda e: e.data.invitation_id == request.id)


async def test_a_chart_nobody_knows_is_rejected(center: Center, events: EventLog) -> None:
    await center.opens()
    known = await center.has()
    unknown = known.model_copy(update={"chart": "c-unknown"})
    request = await center.invites(unknown)
    (rejected,) = await events.wait_for(
        InvitationRejected, lambda e: e.data.invitation_id == request.id
    )
    assert rejected.data.reason is RejectionReason.CHART_UNKNOWN


async def test_asked_for_again_the_old_link_is_dead(center: Center, events: EventLog) -> None:
    await center.opens()
    patient = await center.has()
    first = await center.invites(patient)
    second = await center.invites(patient)
    (superseded,) = await events.wait_for(
        InvitationSuperseded, lambda e: e.data.invitation_id == first.id
    )
    assert superseded.data.superseded_by == second.id
    await events.wait_for(InvitationIssued, lambda e: e.data.invitation_id == second.id)
