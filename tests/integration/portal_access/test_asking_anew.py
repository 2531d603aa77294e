"""Who followed a link that works no longer asks the staff for a new invitation."""

from uuid import UUID

import httpx
import pytest

from contracts.access import NewInvitationAsked
from contracts.envelope import Invitee
from contracts.invitations import InvitationRevoked
from tests.integration.portal_access.stack import (
    DASHBOARD,
    NAME,
    PHONE,
    Center,
    Stack,
    Visitor,
    heading_of,
)

ADDRESS = "ana@sunrise.example"
ASK = "Ask for a new invitation"


async def test_an_expired_link_is_asked_for_anew_and_the_staff_hear_of_it(
    center: Center, visitor: Visitor
) -> None:
    patient = await center.has_chart("c-1", ADDRESS)
    invitation_id, token = await center.invites(patient)
    await center.lets_expire(invitation_id)
    refused = await visitor.opens_link(token)
    assert heading_of(refused) == "This invitation has expired"
    told = await asks(visitor, refused, invitation_id)
    assert heading_of(told) == f"We have told {NAME}"
    assert PHONE in told.text
    await center.hears_of_asking(invitation_id)
    [alert] = await center.alerts()
    assert alert["message"].startswith("The invitee asked for a new invitation")
    assert await steps(center, patient) >= {"new_asked"}
    _, newer = await center.invites(patient)
    assert [one["asked_at"] for one in await center.alerts()] == [None]
    assert (await visitor.accepts(newer)).url.path == DASHBOARD


async def test_asking_twice_in_two_ways_is_one_event(
    center: Center, stack: Stack, visitor: Visitor, other_visitor: Visitor
) -> None:
    patient = await center.has_chart("c-1", ADDRESS)
    invitation_id, token = await center.invites(patient)
    await center.lets_expire(invitation_id)
    for somebody in (visitor, visitor, other_visitor):
        told = await asks(somebody, await somebody.opens_link(token), invitation_id)
        assert heading_of(told) == f"We have told {NAME}"
    await center.hears_of_asking(invitation_id)
    assert len(await center.alerts()) == 1
    newer, token = await center.invites(patient)
    await visitor.accepts(token)
    # What the portal says of one person keeps its order: nothing is on its way any more.
    await center.granted(newer)
    of_asking = stack.events.of(NewInvitationAsked, lambda e: e.data.invitee == patient)
    assert len(of_asking) == 1


async def test_each_link_that_works_no_longer_offers_to_ask(
    center: Center, visitor: Visitor, other_visitor: Visitor
) -> None:
    patient = await center.has_chart("c-1", ADDRESS)
    first, superseded = await center.invites(patient)
    second, revoked = await center.invites(patient)
    await center.revokes(patient)
    await center.stack.events.wait_for(
        InvitationRevoked, lambda event: event.data.invitation_id == second
    )
    third, used = await center.invites(patient)
    await visitor.accepts(used)
    for invitation_id, token in ((first, superseded), (second, revoked), (third, used)):
        page = await other_visitor.opens_link(token)
        assert ASK in page.text
        assert "ana@" not in page.text
        told = await asks(other_visitor, page, invitation_id)
        assert heading_of(told) == f"We have told {NAME}"
        await center.hears_of_asking(invitation_id)


async def test_a_link_that_ends_while_registering_offers_to_ask(
    center: Center, visitor: Visitor
) -> None:
    invitation_id, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    question = await visitor.opens_link(token)
    await center.lets_expire(invitation_id)
    refused = await visitor.registers(question)
    assert heading_of(refused) == "This invitation has expired"
    await asks(visitor, refused, invitation_id)
    await center.hears_of_asking(invitation_id)


@pytest.mark.parametrize("is_there", [True, False])
async def test_a_stranger_neither_asks_nor_learns_whether_there_is_an_invitation(
    center: Center, stack: Stack, visitor: Visitor, other_visitor: Visitor, is_there: bool
) -> None:
    invitation_id, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    await center.lets_expire(invitation_id)
    await visitor.opens_link(token)
    guessed = invitation_id if is_there else UUID(int=7)
    page = await asks(other_visitor, await other_visitor.opens_link("A" * 43), guessed)
    assert page.status_code == httpx.codes.CONFLICT
    assert heading_of(page) == "Open the link in your e-mail again"
    assert NAME not in page.text
    assert not await is_noted(stack, invitation_id)


async def test_an_open_invitation_needs_no_other(
    center: Center, stack: Stack, visitor: Visitor
) -> None:
    invitation_id, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    page = await asks(visitor, await visitor.opens_link(token), invitation_id)
    assert heading_of(page) == "Open the link in your e-mail again"
    assert not await is_noted(stack, invitation_id)


async def test_an_unknown_link_leads_to_those_who_can_help(visitor: Visitor) -> None:
    page = await visitor.opens_link("A" * 43)
    assert ASK not in page.text
    assert "call the centre that invited you" in page.text
    assert 'href="/"' in page.text


async def test_a_portal_that_is_off_asks_nobody(
    center: Center, stack: Stack, visitor: Visitor
) -> None:
    invitation_id, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    await center.lets_expire(invitation_id)
    refused = await visitor.opens_link(token)
    await center.opens(portal_enabled=False)
    page = await asks(visitor, refused, invitation_id)
    assert heading_of(page).startswith("The patient portal is closed")
    assert not await is_noted(stack, invitation_id)


async def asks(visitor: Visitor, page: httpx.Response, invitation_id: UUID) -> httpx.Response:
    """Press the button on the page of a refused link."""
    return await visitor.send(page, f"/accept/ask?invitation={invitation_id}")


async def steps(center: Center, invitee: Invitee) -> set[str]:
    path = f"/charts/{invitee.chart}/people/{invitee.person}/invitations"
    found = (await center.call("GET", path)).json()
    return {step["step"] for one in found for step in one["steps"]}


async def is_noted(stack: Stack, invitation_id: UUID) -> bool:
    """Tell whether the portal noted that a new invitation was asked for."""
    query = "SELECT count(*) FROM new_invitation_asks WHERE invitation_id = :id"
    return await stack.rows(query, id=invitation_id) == 1
