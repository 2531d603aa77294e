"""invitation_service decides on every request, whoever published it."""

from collections.abc import Awaitable, Callable

import pytest

from chassis.broker import Broker
from contracts.chart import InviteRequested, InviteRequestedData, Relationship
from contracts.invitations import (
    InvitationAccepted,
    InvitationIssued,
    InvitationRejected,
    InvitationRevoked,
    InvitationSuperseded,
    RejectionReason,
)
from contracts.scopes import Role
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.invitation_service.conftest import Center, Portal


async def test_a_patient_with_an_address_is_invited(center: Center) -> None:
    await center.opens(invitation_days=3)
    patient = await center.has(email="ana@sunrise.example")
    request = await center.invites(patient)
    issued = (await center.issued(request)).data
    assert issued.email == "ana@sunrise.example"
    assert issued.given_name == "Ana"
    assert issued.requested_at == request.time
    assert (issued.expires_at - request.time).days in {2, 3}


async def test_what_is_published_cannot_be_redeemed(center: Center, portal: Portal) -> None:
    await center.opens()
    issued = await center.issued(await center.invites(await center.has()))
    assert (await portal.redeem(issued.data.sealed_token[:200])).status_code == 404


async def unknown_organization(center: Center) -> InviteRequested:
    return await center.invites(await center.has())


async def portal_off(center: Center) -> InviteRequested:
    await center.opens(portal_enabled=False)
    return await center.invites(await center.has())


async def unknown_chart(center: Center) -> InviteRequested:
    await center.opens()
    known = await center.has()
    return await center.invites(known.model_copy(update={"chart": "c-unknown"}))


async def unknown_person(center: Center) -> InviteRequested:
    await center.opens()
    known = await center.has()
    return await center.invites(known.model_copy(update={"person": "p-unknown"}))


async def patient_deceased(center: Center) -> InviteRequested:
    await center.opens()
    await center.has(deceased=True)
    guardian = await center.has(person="g-1", relationship=Relationship.GUARDIAN)
    return await center.invites(guardian, Role.GUARDIAN)


async def relationship_ended(center: Center) -> InviteRequested:
    await center.opens()
    await center.has()
    guardian = await center.has(person="g-1", relationship=Relationship.GUARDIAN, ended=True)
    return await center.invites(guardian, Role.GUARDIAN)


async def relationship_not_eligible(center: Center) -> InviteRequested:
    await center.opens()
    await center.has()
    friend = await center.has(person="f-1", relationship=Relationship.FRIEND)
    return await center.invites(friend, Role.GUARDIAN)


async def email_missing(center: Center) -> InviteRequested:
    await center.opens()
    return await center.invites(await center.has(email=None))


async def email_invalid(center: Center) -> InviteRequested:
    await center.opens()
    return await center.invites(await center.has(email="ana at sunrise"))


async def email_taken(center: Center) -> InviteRequested:
    await center.opens()
    patient = await center.has()
    guardian = await center.has(
        person="g-1", relationship=Relationship.GUARDIAN, email="Ana@Sunrise.example"
    )
    await center.issued(await center.invites(patient))
    return await center.invites(guardian, Role.GUARDIAN)


REFUSED: dict[RejectionReason, Callable[[Center], Awaitable[InviteRequested]]] = {
    RejectionReason.ORGANIZATION_UNKNOWN: unknown_organization,
    RejectionReason.PORTAL_OFF: portal_off,
    RejectionReason.CHART_UNKNOWN: unknown_chart,
    RejectionReason.PERSON_UNKNOWN: unknown_person,
    RejectionReason.PATIENT_DECEASED: patient_deceased,
    RejectionReason.RELATIONSHIP_ENDED: relationship_ended,
    RejectionReason.RELATIONSHIP_NOT_ELIGIBLE: relationship_not_eligible,
    RejectionReason.EMAIL_MISSING: email_missing,
    RejectionReason.EMAIL_INVALID: email_invalid,
    RejectionReason.EMAIL_TAKEN: email_taken,
}


@pytest.mark.parametrize("reason", REFUSED)
async def test_a_request_is_refused_with_the_reason(
    center: Center, reason: RejectionReason
) -> None:
    assert await center.rejected(await REFUSED[reason](center)) is reason


async def test_who_accepted_already_is_not_invited_again(
    center: Center, events: EventLog, portal: Portal
) -> None:
    await center.opens()
    patient = await center.has()
    first = await center.invites(patient)
    assert (await portal.redeem(await center.token_of(first))).status_code == 200
    await events.wait_for(InvitationAccepted, lambda e: e.data.invitation_id == first.id)
    again = await center.invites(patient, email="other@sunrise.example")
    assert await center.rejected(again) is RejectionReason.ALREADY_CONNECTED


async def test_a_refused_request_can_be_made_again_once_it_is_mended(center: Center) -> None:
    await center.opens()
    patient = await center.has(email=None)
    assert await center.rejected(await center.invites(patient)) is RejectionReason.EMAIL_MISSING
    await center.has(email="ana@sunrise.example")
    await center.issued(await center.invites(patient, email="ana@sunrise.example"))


async def test_asked_for_again_the_new_one_takes_the_place_of_the_old(
    center: Center, events: EventLog
) -> None:
    await center.opens()
    patient = await center.has()
    first = await center.invites(patient)
    second = await center.invites(patient)
    (superseded,) = await events.wait_for(
        InvitationSuperseded, lambda e: e.data.invitation_id == first.id
    )
    assert superseded.data.superseded_by == second.id
    await center.issued(second)


async def test_a_request_that_comes_twice_is_decided_once(center: Center, events: EventLog) -> None:
    await center.opens()
    patient = await center.has()
    request = await center.invites(patient)
    await events.publish(request, request)
    await center.issued(request)
    last = await center.invites(patient)
    await center.issued(last)
    decided = events.of(InvitationIssued, lambda e: e.data.invitee == patient)
    assert [event.data.invitation_id for event in decided] == [request.id, last.id]
    superseded = events.of(InvitationSuperseded, lambda e: e.data.invitee == patient)
    assert [event.data.invitation_id for event in superseded] == [request.id]


async def test_of_two_people_at_one_address_in_one_batch_one_is_invited(
    servers: Servers, center: Center, events: EventLog
) -> None:
    await center.opens()
    await center.has(email="patient@sunrise.example")
    people = {
        Role.GUARDIAN: await center.has(person="g-1", relationship=Relationship.GUARDIAN),
        Role.GUARANTOR: await center.has(person="r-1", relationship=Relationship.GUARANTOR),
    }
    first, second = (
        InviteRequested.of(InviteRequestedData(invitee=invitee, role=role))
        for role, invitee in people.items()
    )
    broker = Broker(servers.kafka)
    await broker.send_all(
        [
            ("chart.invites.v1", request.subject, request.model_dump_json().encode())
            for request in (first, second)
        ]
    )
    await broker.close()
    (issued,) = await events.wait_for(
        InvitationIssued, lambda e: e.data.invitee.organization == center.id
    )
    (rejected,) = await events.wait_for(
        InvitationRejected, lambda e: e.data.invitee.organization == center.id
    )
    assert {issued.data.invitation_id, rejected.data.invitation_id} == {first.id, second.id}
    assert rejected.data.reason is RejectionReason.EMAIL_TAKEN


async def test_a_request_before_news_of_its_chart_waits_for_it(center: Center) -> None:
    known = await center.has()
    early = known.model_copy(update={"chart": "c-early"})
    first, second = await center.invites(early), await center.invites(early)
    await center.opens()
    await center.has(chart="c-early")
    assert (await center.issued(first)).time <= (await center.issued(second)).time


async def test_a_revoked_invitation_is_dead(
    center: Center, events: EventLog, portal: Portal
) -> None:
    await center.opens()
    patient = await center.has()
    request = await center.invites(patient)
    token = await center.token_of(request)
    await center.revokes(patient)
    (revoked,) = await events.wait_for(
        InvitationRevoked, lambda e: e.data.invitation_id == request.id
    )
    assert revoked.data.revoked_by == "staff:s-7"
    answer = await portal.redeem(token)
    assert (answer.status_code, answer.json()["type"]) == (
        409,
        "urn:portico:problem:invitation_revoked",
    )
    await center.issued(await center.invites(patient))


async def test_a_request_that_still_waits_can_be_revoked(center: Center, events: EventLog) -> None:
    known = await center.has()
    waiting = known.model_copy(update={"chart": "c-later"})
    request = await center.invites(waiting)
    await center.revokes(waiting)
    await events.wait_for(InvitationRevoked, lambda e: e.data.invitation_id == request.id)
    await center.opens()
    await center.has(chart="c-later")
    again = await center.invites(waiting)
    await center.issued(again)
    assert not events.of(InvitationIssued, lambda e: e.data.invitation_id == request.id)


async def test_revoking_what_nobody_asked_for_changes_nothing(
    center: Center, events: EventLog
) -> None:
    await center.opens()
    patient = await center.has()
    await center.revokes(patient)
    await center.issued(await center.invites(patient))
    assert not events.of(InvitationRevoked, lambda e: e.data.invitee == patient)


@pytest.mark.parametrize("key", [None, b"", b"another/key/here"])
async def test_a_request_under_no_or_another_key_is_kept_aside(
    center: Center, events: EventLog, key: bytes | None
) -> None:
    await center.opens()
    patient = await center.has()
    request = InviteRequested.of(InviteRequestedData(invitee=patient, role=Role.PATIENT))
    raw = request.model_dump_json().encode()
    await events.publish_raw("chart.invites.v1", key, raw)
    letter = await events.wait_for_dead_letter(lambda found: found.value == raw)
    reason = b"key_wrong" if key else b"key_missing"
    assert ("reason", reason) in letter.headers
    await center.issued(await center.invites(patient))


async def test_a_request_for_no_role_we_know_is_kept_aside(
    center: Center, events: EventLog
) -> None:
    await center.opens()
    patient = await center.has()
    request = InviteRequested.of(InviteRequestedData(invitee=patient, role=Role.PATIENT))
    raw = request.model_dump_json().replace('"patient"', '"sibling"').encode()
    await events.publish_raw("chart.invites.v1", request.subject.encode(), raw)
    letter = await events.wait_for_dead_letter(lambda found: found.value == raw)
    assert ("reason", b"malformed") in letter.headers
