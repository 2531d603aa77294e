"""A person with a browser goes from the link in the mail to the dashboard."""

from collections.abc import AsyncIterator
from itertools import product
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.portal_access.stack import PASSWORD, Center, Stack, running

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
ADDRESS = "ana@sunrise.example"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDTHS = (360, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture(scope="session")
async def stack(servers: Servers, events: EventLog) -> AsyncIterator[Stack]:
    """The running services."""
    async with running(servers, events) as started:
        yield started


@pytest.fixture
async def center(stack: Stack) -> Center:
    """A treatment centre with its portal on."""
    opened = Center(stack)
    await opened.opens()
    return opened


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A real browser; its absence is a failure."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        await started.close()


@pytest.fixture
async def page(browser: Browser, stack: Stack) -> AsyncIterator[Page]:
    """A fresh browser window."""
    context = await browser.new_context(base_url=stack.portal_url)
    yield await context.new_page()
    await context.close()


async def test_registering_from_the_link_to_the_dashboard(center: Center, page: Page) -> None:
    await center.has_chart("c-1", ADDRESS)
    _, token = await center.invites(await center.has_guardian("c-1", "rosa@sunrise.example"))
    await page.goto(f"/accept#{token}")
    await expect(page).to_have_url(f"{center.stack.portal_url}/accept")
    await expect(page.get_by_label("Your invitation code")).to_be_hidden()
    await check(page)
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Create your account")
    await check(page)
    await page.get_by_role("button", name="Create account").click()
    await expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    await check(page)
    await page.get_by_label("Choose a password").fill(PASSWORD)
    await page.get_by_label("I agree to the terms").check()
    await page.get_by_label("Choose a password").press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Your charts")
    await expect(page.get_by_text("You are the guardian")).to_be_visible()
    await expect(page.get_by_role("heading", name="Ana Lopez")).to_be_visible()
    await check(page)
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_text("You are signed out")).to_be_visible()
    await check(page)
    await page.go_back()
    await expect(page.get_by_text("You are the guardian")).to_be_hidden()


async def test_an_account_that_is_there_is_signed_in_to(center: Center, page: Page) -> None:
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    _, other = await center.invites(await center.has_chart("c-2", ADDRESS))
    await page.goto(f"/accept#{token}")
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_label("Choose a password").fill(PASSWORD)
    await page.get_by_label("I agree to the terms").check()
    await page.get_by_role("button", name="Create account").click()
    await page.get_by_role("button", name="Sign out").click()
    await page.goto(f"/accept#{other}")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to accept")
    await check(page)
    await page.get_by_label("Your password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in and accept").click()
    await expect(page.get_by_role("heading", level=2)).to_have_count(2)
    await page.goto(f"/accept#{token}")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "This invitation has been accepted"
    )
    await check(page)


async def test_the_pages_that_everybody_may_read(center: Center, page: Page) -> None:
    paths = ("/", "/accept", f"/{center.id}/sign-in", "/terms", "/privacy", "/accept/register")
    for path in paths:
        await page.goto(path)
        await expect(page.get_by_role("heading", level=1)).to_have_count(1)
        await check(page)


async def test_without_scripts_the_code_is_pasted(
    browser: Browser, center: Center, stack: Stack
) -> None:
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    context = await browser.new_context(base_url=stack.portal_url, java_script_enabled=False)
    page = await context.new_page()
    link = f"{stack.portal_url}/accept#{token}"
    await page.goto(link)
    await page.get_by_label("Your invitation code").fill(link)
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Create your account")
    await context.close()


async def check(page: Page) -> None:
    """Find no barrier by axe-core on any screen, and nothing to scroll sideways for."""
    for width, scheme in product(WIDTHS, SCHEMES):
        await page.set_viewport_size({"width": width, "height": 800})
        await page.emulate_media(color_scheme=scheme)
        found = await Axe().run(page, options={"runOnly": STANDARDS})
        assert not found.violations_count, found.generate_report()
        assert await page.evaluate(OVERFLOW) == 0
