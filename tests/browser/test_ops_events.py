"""Every event is found in the console, page by page, and shown without what is personal."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from contracts.chart import InviteRequested, InviteRequestedData
from contracts.envelope import Invitee
from contracts.scopes import Role
from contracts.topics import CHART_INVITES
from services.ops_console.browsing import Asked, browse, place_text
from services.ops_console.event_pages import PAGE
from tests.browser.checks import check_on_all_screens
from tests.browser.ops_console import watching, window
from tests.integration.portal_access.stack import Center, Stack

EMAIL = "ana@events.example"


@pytest.fixture
async def page(browser: Browser, stack: Stack) -> AsyncIterator[Page]:
    """The window of somebody who signed in to the console."""
    async with watching(stack) as url, window(browser, url, "/events") as page:
        yield page


async def invites(stack: Stack, center: Center, number: int) -> list[InviteRequested]:
    """Publish so many invites of persons of an organisation that nobody knows."""
    sent = []
    for each in range(number):
        invitee = Invitee(organization=f"{center.id}-x", chart="c-1", person=f"p-{each % 3}")
        data = InviteRequestedData(invitee=invitee, role=Role.PATIENT, email=EMAIL)
        sent.append(InviteRequested.of(data))
        await stack.events.publish(sent[-1])
    return sent


async def test_an_event_is_found_by_its_key_and_shown_by_its_schema(
    stack: Stack, page: Page
) -> None:
    first, _, _, last = await invites(stack, Center(stack), 4)
    await check_on_all_screens(page)
    await page.get_by_role("link", name=CHART_INVITES.name, exact=True).click()
    await page.get_by_label("Key").fill(first.data.key)
    await page.get_by_label("Type").select_option("InviteRequested")
    await page.get_by_role("button", name="Show").click()
    await expect(page.get_by_role("row", name=first.data.key)).to_have_count(2)
    await check_on_all_screens(page)
    await page.get_by_role("rowheader").get_by_role("link").first.click()
    await expect(page.get_by_role("row", name="id", exact=False).first).to_be_visible()
    assert str(last.id) in await page.content()
    assert EMAIL not in await page.content()
    await expect(page.get_by_role("row", name="data.email")).to_contain_text("address that was")
    await check_on_all_screens(page)
    await page.get_by_role("link", name="Previous of this key").click()
    assert str(first.id) in await page.content()
    await page.get_by_role("link", name="Trace of the invitation").click()
    await expect(page.get_by_text(f"Invitation {first.id}")).to_be_visible()


async def test_what_is_asked_wrongly_is_said(page: Page) -> None:
    await page.goto(f"/events/topic?topic={CHART_INVITES.name}&offset=3")
    await expect(page.get_by_role("alert")).to_contain_text("Say of which partition")
    await check_on_all_screens(page)
    for path, status in (
        ("/events/topic?topic=nonsense", 404),
        (f"/events/one?topic={CHART_INVITES.name}&partition=0&offset=99999999", 404),
        (f"/events/one?topic={CHART_INVITES.name}&partition=99&offset=0", 404),
    ):
        answer = await page.goto(path)
        assert answer is not None
        assert answer.status == status


async def test_pages_lead_back_and_forth_and_leave_nothing_out(stack: Stack) -> None:
    center = Center(stack)
    sent = await invites(stack, center, PAGE + 7)
    servers, key = stack.servers.kafka, f"{center.id}-x"
    newest = await browse(servers, Asked(topic=CHART_INVITES.name, key=key))
    later = await invites(stack, center, 2)
    older = await browse(
        servers, Asked(topic=CHART_INVITES.name, key=key, before=place_text(newest.lows))
    )
    assert len(newest.rows) == PAGE
    assert len(older.rows) == len(sent) - PAGE
    assert {row.place for row in newest.rows}.isdisjoint({row.place for row in older.rows})
    assert [row.at for row in newest.rows] == sorted((row.at for row in newest.rows), reverse=True)
    forth = await browse(
        servers, Asked(topic=CHART_INVITES.name, key=key, after=place_text(newest.highs))
    )
    assert len(forth.rows) == len(later)
    since = await browse(
        servers, Asked(topic=CHART_INVITES.name, key=key, time=sent[0].time.isoformat())
    )
    assert len(since.rows) == PAGE
