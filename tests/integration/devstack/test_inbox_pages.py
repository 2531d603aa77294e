"""The mail inbox's pages in a browser, on any screen, with scripts and without."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from tests.browser.checks import check_on_all_screens, open_browser
from tests.integration.devstack.test_inbox import Inbox, inbox, running_inbox

__all__ = ["inbox", "running_inbox"]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A real browser; its absence is a failure."""
    async with open_browser() as started:
        yield started


async def test_the_pages_can_be_used_on_any_screen(browser: Browser, inbox: Inbox) -> None:
    # A colour that is still fading when the scheme changes is no barrier.
    context = await browser.new_context(base_url=str(inbox.http.base_url), reduced_motion="reduce")
    page = await context.new_page()
    await page.goto("/")
    await expect(page.get_by_text("No mails yet")).to_be_visible()
    await check_on_all_screens(page)
    inbox.send(to="maria.magdalena-of-a-long-name@a-long-domain-name.example.org")
    await page.reload()
    await check_on_all_screens(page)
    await page.get_by_role("link", name="Your invitation").click()
    await page.get_by_text("Headers and source").click()
    await check_on_all_screens(page)
    await page.goto("/?query=nobody")
    await check_on_all_screens(page)
    await page.goto("/mail/gone")
    await check_on_all_screens(page)
    await context.close()


async def test_a_mail_is_found_read_and_deleted_without_scripts(
    browser: Browser, inbox: Inbox
) -> None:
    inbox.send(to="maria@example.org", subject="For Maria")
    inbox.send(to="jonas@example.org", subject="For Jonas")
    context = await browser.new_context(
        base_url=str(inbox.http.base_url),
        viewport={"width": 360, "height": 800},
        java_script_enabled=False,
    )
    page = await context.new_page()
    await page.goto("/")
    await page.get_by_label("Search").fill("to:maria")
    await page.get_by_role("button", name="Search").click()
    await expect(page.get_by_role("link", name="For Jonas")).to_have_count(0)
    await page.get_by_role("link", name="For Maria").click()
    frame = page.frame_locator("iframe")
    await expect(frame.get_by_text("Hello")).to_be_in_viewport()
    await page.get_by_role("link", name="Mails").click()
    await page.get_by_role("button", name="Delete all mails").click()
    await expect(page.get_by_text("No mails yet")).to_be_visible()
    await context.close()
