"""The ops console is told how a person's invitations stand, and when somebody will be reminded."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from chassis.records import Record, Records
from chassis.security.service_calls import Signer
from contracts.chart import InviteRequested
from contracts.envelope import utc_now
from tests.event_log import EventLog
from tests.integration.invitation_service.conftest import Center, Invitations, Portal
from tests.integration.invitation_service.test_reminders import locked, reminded

NAME = "invitation_service"
Ask = Callable[[InviteRequested], Awaitable[list[Record]]]


@pytest.fixture
def ask(service: str, ops_signer: Signer) -> Ask:
    """Give what the console asks of a request's invitation, the outbox apart."""

    async def asked(request: InviteRequested) -> list[Record]:
        url = f"{service}/internal/records/{request.data.invitee.key}"
        async with httpx.AsyncClient(headers=ops_signer.headers(NAME)) as client:
            answer = await client.get(url, params={"invitation": str(request.id)})
        assert "@" not in answer.text
        found = Records.model_validate_json(answer.raise_for_status().content).records
        return [record for record in found if record.what != "Outbox"]

    return asked


async def test_the_reminder_of_an_open_invitation_is_told_until_it_goes_out(
    center: Center, events: EventLog, invitations: Invitations, ask: Ask
) -> None:
    await center.opens(reminder_days=3)
    request = await center.invites(await center.has())
    issued = await center.issued(request)
    invitation, reminder = await ask(request)
    assert (invitation.what, invitation.state) == ("Invitation as patient", "open")
    assert (reminder.what, reminder.state, reminder.invitation_id) == (
        *("Reminder", "due"),
        request.id,
    )
    assert reminder.at is not None
    assert abs(reminder.at - issued.time - timedelta(days=3)) < timedelta(seconds=10)
    await invitations.grow_older(request.id, days=3)
    await reminded(events, request)
    [invitation] = await ask(request)
    assert invitation.detail.endswith(", reminded")


@pytest.mark.parametrize(
    "reason", ["no reminders", "expires first", "accepted", "locked", "portal off"]
)
async def test_no_reminder_is_told_where_none_will_go_out(
    reason: str,
    center: Center,
    portal: Portal,
    events: EventLog,
    invitations: Invitations,
    ask: Ask,
) -> None:
    await center.opens(reminder_days=None if reason == "no reminders" else 3)
    request = await center.invites(await center.has())
    token = await center.token_of(request)
    if reason == "expires first":
        await invitations.let_expire_at(request.id, utc_now() + timedelta(days=3, hours=23))
    if reason == "accepted":
        assert (await portal.redeem(token)).status_code == 200
    if reason == "locked":
        await events.publish(locked(request))
        await invitations.wait_until_locked(request.id)
    if reason == "portal off":
        await center.opens(portal_enabled=False, reminder_days=3)
        await invitations.wait_until_paused(center.id)
    [invitation] = await ask(request)
    assert invitation.what == "Invitation as patient"
