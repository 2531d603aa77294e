"""Two invitations to one address, opened before either is accepted: neither chart is lost."""

import asyncio
from uuid import uuid4

import httpx

from contracts.access import PortalAccessGranted
from tests.integration.portal_access.accepted import ADDRESS, acceptance_of, registered
from tests.integration.portal_access.stack import (
    DASHBOARD,
    PASSWORD,
    Center,
    Stack,
    Visitor,
    heading_of,
    is_signed_in,
)


async def test_in_one_browser_the_second_tab_only_needs_a_press(
    center: Center, visitor: Visitor
) -> None:
    first, second = await two_invitations(center)
    first_tab = await visitor.opens_link(first)
    second_tab = await visitor.opens_link(second)
    assert (await visitor.registers(first_tab)).url.path == DASHBOARD
    question = await visitor.registers(second_tab)
    assert heading_of(question) == "Accept your invitation"
    page = await visitor.send(question, question.url.raw_path.decode())
    assert page.text.count("Your own chart") == 2
    assert await center.accounts() == 1


async def test_on_two_devices_at_the_same_moment_one_account_gets_both_charts(
    center: Center, visitor: Visitor, other_visitor: Visitor
) -> None:
    first, second = await two_invitations(center)
    tabs = [
        (visitor, await visitor.opens_link(first)),
        (other_visitor, await other_visitor.opens_link(second)),
    ]
    pages = await asyncio.gather(*(tab.registers(page) for tab, page in tabs))
    for (tab, _), page in zip(tabs, pages, strict=True):
        charts = await signed_in(center, tab, page)
        assert is_signed_in(charts)
    charts = await visitor.get("/")
    assert charts.text.count("Your own chart") == 2
    assert await center.accounts() == 1


async def test_a_registration_that_comes_second_is_connected_to_the_first_account(
    center: Center, stack: Stack
) -> None:
    events = [await registered(center, stack, chart) for chart in ("c-1", "c-2")]
    await stack.events.publish(*events)
    granted = [await center.granted(event.data.invitation_id) for event in events]
    assert granted[0].data.account_id == granted[1].data.account_id
    assert granted[0].data.account_id in {event.data.account_id for event in events}
    assert await center.accounts() == 1
    left = "SELECT count(*) FROM registrations WHERE organization_id = :id"
    assert await stack.rows(left, id=center.id) == 0


async def test_an_acceptance_without_a_registration_is_a_dead_letter(
    center: Center, stack: Stack
) -> None:
    lost = acceptance_of(center, "c-lost")
    await stack.events.publish(lost)
    letter = await stack.events.wait_for_dead_letter(
        lambda record: str(lost.id).encode() in record.value
    )
    assert dict(letter.headers)["reason"] == b"handler_failed"


async def test_the_same_acceptance_twice_changes_nothing(center: Center, stack: Stack) -> None:
    event = await registered(center, stack, "c-1")
    again = event.model_copy(update={"id": uuid4()})
    await stack.events.publish(event, event, again)
    # Both acceptances tell of the same access, and one may be told before the other.
    await stack.events.wait_for(
        PortalAccessGranted, lambda e: e.data.invitation_id == event.data.invitation_id
    )
    marker = await registered(center, stack, "c-1")
    await stack.events.publish(marker)
    await center.granted(marker.data.invitation_id)
    assert await center.accounts() == 1
    count = "SELECT count(*) FROM connections WHERE organization_id = :id"
    assert await stack.rows(count, id=center.id) == 1


async def two_invitations(center: Center) -> tuple[str, str]:
    _, first = await center.invites(await center.has_chart("c-1", ADDRESS))
    _, second = await center.invites(await center.has_chart("c-2", ADDRESS))
    return first, second


async def signed_in(center: Center, tab: Visitor, page: httpx.Response) -> httpx.Response:
    """Go on from wherever the race has led."""
    if heading_of(page) == "Sign in to accept":
        return await tab.send(page, page.url.raw_path.decode(), password=PASSWORD)
    if heading_of(page) == "Sign in":
        path = f"/{center.id}/sign-in"
        return await tab.send(page, path, email=ADDRESS, password=PASSWORD)
    return page
