"""That a link was opened is told once, however often it is."""

import asyncio
from datetime import timedelta

from contracts.envelope import utc_now
from contracts.invitations import InvitationOpened
from tests.event_log import EventLog
from tests.integration.invitation_service.conftest import Center, Invitations, Portal


async def test_the_first_opening_is_published_once_and_consumes_nothing(
    center: Center, portal: Portal, events: EventLog
) -> None:
    await center.opens()
    request = await center.invites(await center.has())
    token = await center.token_of(request)
    found = await asyncio.gather(*(portal.look_up(token) for _ in range(10)))
    assert {answer.json()["state"] for answer in found} == {"open"}
    (opened,) = await events.wait_for(
        InvitationOpened, lambda e: e.data.invitation_id == request.id
    )
    assert abs(opened.data.opened_at - utc_now()) < timedelta(minutes=1)
    assert (await portal.redeem(token)).status_code == 200
    await center.issued(await center.invites(await center.has(chart="c-2")))
    assert len(events.of(InvitationOpened, lambda e: e.data.invitation_id == request.id)) == 1


async def test_a_dead_link_is_not_said_to_be_opened(
    center: Center, portal: Portal, events: EventLog, invitations: Invitations
) -> None:
    await center.opens()
    patient = await center.has()
    first = await center.invites(patient)
    old = await center.token_of(first)
    second = await center.invites(patient)
    new = await center.token_of(second)
    await invitations.let_expire_at(second.id, utc_now())
    for token in (old, new):
        assert (await portal.look_up(token)).json()["state"] != "open"
    third = await center.invites(await center.has(chart="c-2"))
    await portal.look_up(await center.token_of(third))
    await events.wait_for(InvitationOpened, lambda e: e.data.invitation_id == third.id)
    assert not events.of(InvitationOpened, lambda e: e.data.invitee == patient)
