"""While an organisation's portal is off everything pauses, and nothing is lost."""

from datetime import timedelta
from uuid import uuid4

from contracts.envelope import utc_now
from contracts.invitations import (
    InvitationExpired,
    InvitationOpened,
    InvitationReminderIssued,
    RejectionReason,
)
from tests.event_log import EventLog
from tests.integration.invitation_service.conftest import Center, Invitations, Portal

HOUR = timedelta(hours=1)


async def test_a_link_waits_while_the_portal_is_off_and_works_when_it_is_on(
    center: Center, portal: Portal, events: EventLog, invitations: Invitations
) -> None:
    await center.opens()
    patient = await center.has()
    request = await center.invites(patient)
    token = await center.token_of(request)
    await center.opens(portal_enabled=False)
    await invitations.wait_until_paused(center.id)
    assert (await portal.look_up(token)).json()["state"] == "portal_off"
    refused = await portal.redeem(token)
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:portico:problem:portal_off"
    assert await center.rejected(await center.invites(patient)) is RejectionReason.PORTAL_OFF
    assert not events.of(InvitationOpened, lambda e: e.data.invitation_id == request.id)
    await center.opens()
    await invitations.wait_until_paused(center.id, is_so=False)
    assert (await portal.look_up(token)).json()["state"] == "open"
    assert (await portal.redeem(token)).status_code == 200


async def test_what_was_accepted_before_has_the_same_answer_while_the_portal_is_off(
    center: Center, portal: Portal, invitations: Invitations
) -> None:
    await center.opens()
    token = await center.token_of(await center.invites(await center.has()))
    redemption_id, account_id = uuid4(), uuid4()
    first = await portal.redeem(token, redemption_id, account_id)
    await center.opens(portal_enabled=False)
    await invitations.wait_until_paused(center.id)
    again = await portal.redeem(token, redemption_id, account_id)
    assert (again.status_code, again.text) == (200, first.text)


async def test_no_invitation_expires_while_the_portal_is_off_nor_by_its_having_been(
    center: Center, portal: Portal, events: EventLog, invitations: Invitations
) -> None:
    now = utc_now()
    await center.opens(at=now - 9 * HOUR)
    kept, late = [await center.invites(await center.has(chart=name)) for name in ("c-1", "c-2")]
    token = await center.token_of(kept)
    await center.issued(late)
    for request in (kept, late):
        await invitations.grow_older(request.id, days=1)
    await center.opens(at=now - 3 * HOUR, portal_enabled=False)
    await invitations.wait_until_paused(center.id)
    await invitations.let_expire_at(kept.id, now - HOUR)
    # What was over before the portal was switched off is over.
    await invitations.let_expire_at(late.id, now - 4 * HOUR)
    await events.wait_for(InvitationExpired, lambda e: e.data.invitation_id == late.id)
    assert (await portal.look_up(token)).json()["state"] == "portal_off"
    await center.opens(at=now)
    await invitations.wait_until_paused(center.id, is_so=False)
    found = (await portal.look_up(token)).json()
    assert found["state"] == "open"
    expected = (now + 2 * HOUR).isoformat().replace("+00:00", "Z")
    assert found["expires_at"] == expected
    assert not events.of(InvitationExpired, lambda e: e.data.invitation_id == kept.id)


async def test_nobody_is_reminded_while_the_portal_is_off_and_its_time_does_not_count(
    center: Center, events: EventLog, invitations: Invitations
) -> None:
    now = utc_now()
    await center.opens(at=now - timedelta(days=9), reminder_days=3)
    due, young = [await center.invites(await center.has(chart=name)) for name in ("c-1", "c-2")]
    await center.issued(due)
    await center.issued(young)
    await center.opens(at=now - timedelta(days=2), portal_enabled=False, reminder_days=3)
    await invitations.wait_until_paused(center.id)
    await invitations.grow_older(due.id, days=5.5)
    await invitations.grow_older(young.id, days=4)
    await center.opens(at=now, reminder_days=3)
    await events.wait_for(InvitationReminderIssued, lambda e: e.data.invitation_id == due.id)
    assert not events.of(InvitationReminderIssued, lambda e: e.data.invitation_id == young.id)
