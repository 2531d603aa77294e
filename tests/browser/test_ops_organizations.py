"""How one organisation does is counted from the topics when somebody asks."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.checks import check_on_all_screens
from tests.browser.mails import mailing
from tests.browser.ops_console import watching, window
from tests.integration.portal_access.stack import Center, Stack


@pytest.fixture
async def page(browser: Browser, stack: Stack) -> AsyncIterator[Page]:
    """The window of somebody who signed in to the console."""
    async with watching(stack) as url, window(browser, url) as page:
        yield page


async def test_an_organisation_is_found_among_the_busiest_and_counted(
    stack: Stack, page: Page
) -> None:
    center = Center(stack)
    await center.opens()
    async with mailing(stack):
        mailed, _ = await center.invites(await center.has_chart("c-1", f"ana@{center.id}.example"))
        await center.is_mailed(mailed)
    waiting, _ = await center.invites(await center.has_chart("c-2", f"ben@{center.id}.example"))
    await page.get_by_role("link", name="Organisations").click()
    await check_on_all_screens(page)
    await expect(page.get_by_role("table", name="The busiest organisations")).to_be_visible()
    await page.get_by_label("Organisation's id").fill(center.id)
    await page.get_by_role("button", name="Count").click()
    requests = page.get_by_role("row", name="InviteRequested")
    await expect(requests).to_contain_text("2")
    await expect(page.get_by_text("none mailed")).to_have_count(0)
    row = page.get_by_role("table", name="Invitations that wait").get_by_role("row").nth(1)
    await expect(row.get_by_role("link", name=str(waiting))).to_be_visible()
    await expect(row.get_by_role("cell").last).to_have_text(re.compile(r"\d s$"))
    assert f"@{center.id}.example" not in await page.content()
    assert str(mailed) not in await page.content()
    await check_on_all_screens(page)
    await row.get_by_role("link").click()
    await expect(page.get_by_text(f"Invitation {waiting}")).to_be_visible()


async def test_an_organisation_that_nothing_is_known_of(page: Page) -> None:
    await page.get_by_role("link", name="Organisations").click()
    await page.get_by_label("Organisation's id").fill("nobody-knows-it")
    await page.get_by_label("Period").select_option("Last 7 days")
    await page.get_by_role("button", name="Count").click()
    await expect(page.get_by_text("No event of this organisation")).to_be_visible()
    await page.goto("/organizations?id=hill/c-1")
    await expect(page.get_by_role("alert")).to_contain_text("letters, digits")
    await check_on_all_screens(page)
