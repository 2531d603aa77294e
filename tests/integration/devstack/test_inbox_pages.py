"""The mail inbox's pages in a browser, on any screen, with scripts and without."""

from collections.abc import AsyncIterator
from itertools import product
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.integration.devstack.test_inbox import Inbox, inbox, running_inbox

__all__ = ["inbox", "running_inbox"]

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (360, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A real browser; its absence is a failure."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        await started.close()


async def test_the_pages_can_be_used_on_any_screen(browser: Browser, inbox: Inbox) -> None:
    # A colour that is still fading when the scheme changes is no barrier.
    context = await browser.new_context(base_url=str(inbox.http.base_url), reduced_motion="reduce")
    page = await context.new_page()
    await page.goto("/")
    await expect(page.get_by_text("No mails yet")).to_be_visible()
    await check(page)
    inbox.send(to="maria.magdalena-of-a-long-name@a-long-domain-name.example.org")
    await page.reload()
    await check(page)
    await page.get_by_role("link", name="Your invitation").click()
    await page.get_by_text("Headers and source").click()
    await check(page)
    await page.goto("/?query=nobody")
    await check(page)
    await page.goto("/mail/gone")
    await check(page)
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


async def check(page: Page) -> None:
    """Find no barrier by axe-core on any screen, and nothing to scroll sideways for."""
    for width, scheme in product(WIDTHS, SCHEMES):
        await page.set_viewport_size({"width": width, "height": 800})
        await page.emulate_media(color_scheme=scheme)
        found = await Axe().run(page, options={"runOnly": STANDARDS})
        assert not found.violations_count, found.generate_report()
        assert await page.evaluate(OVERFLOW) == 0
