"""Who lets an invitation wait is reminded once, by a further link to the same invitation."""

from datetime import timedelta

import pytest

from chassis.security.seal import Seal
from contracts.access import InvitationLocked, InvitationLockedData, LockReason
from contracts.chart import InviteRequested
from contracts.envelope import utc_now
from contracts.invitations import InvitationReminderIssued
from tests.event_log import EventLog
from tests.integration.invitation_service.conftest import SEAL_KEY, Center, Invitations, Portal


async def reminded(events: EventLog, request: InviteRequested) -> InvitationReminderIssued:
    """Wait for the reminder of an invitation."""
    (issued,) = await events.wait_for(
        InvitationReminderIssued, lambda e: e.data.invitation_id == request.id
    )
    return issued


def locked(request: InviteRequested) -> InvitationLocked:
    """Return the news that the date of birth was wrong too often."""
    data = InvitationLockedData(
        invitee=request.data.invitee,
        invitation_id=request.id,
        role=request.data.role,
        reason=LockReason.BIRTH_DATE_WRONG,
        locked_at=utc_now(),
    )
    return InvitationLocked.of(data)


def token_of(reminder: InvitationReminderIssued) -> str:
    data = reminder.data
    return Seal(SEAL_KEY).open(data.sealed_token, bound_to=data.invitation_id)


async def test_both_links_work_until_one_is_used(
    center: Center, portal: Portal, events: EventLog, invitations: Invitations
) -> None:
    await center.opens(reminder_days=3)
    request = await center.invites(await center.has(location="harbor"))
    first = await center.token_of(request)
    assert (await center.issued(request)).data.location == "harbor"
    await invitations.grow_older(request.id, days=3)
    reminder = await reminded(events, request)
    assert reminder.data.location == "harbor"
    assert reminder.data.email == "ana@sunrise.example"
    assert reminder.data.expires_at == (await center.issued(request)).data.expires_at
    second = token_of(reminder)
    assert second != first
    for token in (first, second):
        assert (await portal.look_up(token)).json()["state"] == "open"
    assert (await portal.redeem(second)).status_code == 200
    assert (await portal.redeem(first)).status_code == 409
    assert (await portal.look_up(first)).json()["state"] == "accepted"


async def test_both_links_die_with_the_invitation(
    center: Center, portal: Portal, events: EventLog, invitations: Invitations
) -> None:
    await center.opens(reminder_days=3)
    patient = await center.has()
    request = await center.invites(patient)
    first = await center.token_of(request)
    await invitations.grow_older(request.id, days=4)
    second = token_of(await reminded(events, request))
    await center.issued(await center.invites(patient))
    for token in (first, second):
        assert (await portal.redeem(token)).json()["type"].endswith("invitation_superseded")


async def test_an_invitation_is_reminded_of_once_and_only_when_it_is_old_enough(
    center: Center, events: EventLog, invitations: Invitations
) -> None:
    await center.opens(reminder_days=3)
    young = await center.invites(await center.has(chart="c-1"))
    old = await center.invites(await center.has(chart="c-2"))
    last = await center.invites(await center.has(chart="c-3"))
    for request in (young, old, last):
        await center.issued(request)
    await invitations.grow_older(young.id, days=2.9)
    await invitations.grow_older(old.id, days=3)
    await reminded(events, old)
    await invitations.grow_older(last.id, days=3)
    await reminded(events, last)
    found = events.of(InvitationReminderIssued, lambda e: e.data.invitee.organization == center.id)
    assert [event.data.invitation_id for event in found] == [old.id, last.id]


@pytest.mark.parametrize("reason", ["no reminders", "less than a day left", "accepted", "locked"])
async def test_nobody_is_reminded_in_vain(
    reason: str, center: Center, portal: Portal, events: EventLog, invitations: Invitations
) -> None:
    await center.opens(reminder_days=None if reason == "no reminders" else 3)
    request = await center.invites(await center.has())
    token = await center.token_of(request)
    if reason == "accepted":
        assert (await portal.redeem(token)).status_code == 200
    if reason == "less than a day left":
        await invitations.let_expire_at(request.id, utc_now() + timedelta(hours=23))
    if reason == "locked":
        await events.publish(locked(request))
        await invitations.wait_until_locked(request.id)
    await invitations.grow_older(request.id, days=5)
    other = Center(events)
    await other.opens(reminder_days=3)
    reminder = await other.invites(await other.has())
    await other.issued(reminder)
    await invitations.grow_older(reminder.id, days=3)
    await reminded(events, reminder)
    assert not events.of(InvitationReminderIssued, lambda e: e.data.invitation_id == request.id)
