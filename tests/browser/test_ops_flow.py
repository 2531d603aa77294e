"""The console shows within three seconds that a service stalls, and that it goes on again."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from chassis.lag import caught_up
from contracts.topics import CHART_ORGANIZATIONS
from tests.browser.checks import check_on_all_screens
from tests.browser.mails import mailing
from tests.browser.ops_console import sign_in, watching
from tests.integration.portal_access.stack import Center, Stack

STALLED = re.compile(r"notification_service has not moved for .+ on chart\.organizations\.v1")
WITHIN_MS = 3_000


@pytest.fixture(scope="module")
async def console(stack: Stack) -> AsyncIterator[str]:
    """The address of a console that watches the stack."""
    async with watching(stack) as url:
        yield url


@pytest.fixture
async def page(browser: Browser, console: str) -> AsyncIterator[Page]:
    """A browser window at the console."""
    context = await browser.new_context(base_url=console)
    yield await context.new_page()
    await context.close()


async def test_nothing_is_shown_without_signing_in(console: str, page: Page) -> None:
    async with httpx.AsyncClient(base_url=console) as nobody:
        for path in ("/", "/flow/stream"):
            assert (await nobody.get(path)).headers["location"] == "/sign-in"
    await page.goto("/")
    await check_on_all_screens(page)
    await sign_in(page, "wrong")
    await expect(page.get_by_role("alert")).to_contain_text("they do not match")
    await sign_in(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Flow")
    await page.get_by_role("button", name="Sign out").click()
    await page.goto("/")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


async def test_a_stalled_service_and_its_recovery_show_within_three_seconds(
    stack: Stack, page: Page
) -> None:
    center = Center(stack)
    await page.goto("/")
    await sign_in(page)
    async with mailing(stack):
        await center.opens()
        assert await has_heard(stack)
    await center.opens(invitation_days=9)
    await expect(page.get_by_text(STALLED)).to_be_visible(timeout=WITHIN_MS)
    await check_on_all_screens(page)
    async with mailing(stack):
        assert await has_heard(stack)
        await expect(page.get_by_text(STALLED)).to_be_hidden(timeout=WITHIN_MS)


async def has_heard(stack: Stack) -> bool:
    """Wait until notification_service has handled all news of organisations."""
    group, topics = "notification_service", [CHART_ORGANIZATIONS]
    return await caught_up(stack.servers.kafka, group, topics, limit_seconds=60)
