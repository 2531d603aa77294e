"""A person with a browser goes from the link in the mail to the dashboard."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.checks import check_on_all_screens
from tests.integration.portal_access.stack import PASSWORD, Center, Stack

ADDRESS = "ana@sunrise.example"


@pytest.fixture
async def center(stack: Stack) -> Center:
    """A treatment centre with its portal on."""
    opened = Center(stack)
    await opened.opens()
    return opened


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
    await check_on_all_screens(page)
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Create your account")
    await check_on_all_screens(page)
    await page.get_by_role("button", name="Create account").click()
    await expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    await check_on_all_screens(page)
    await page.get_by_label("Choose a password").fill(PASSWORD)
    await page.get_by_label("I agree to the terms").check()
    await page.get_by_label("Choose a password").press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ana Lopez")
    await expect(page.get_by_text("You are the guardian")).to_be_visible()
    await check_on_all_screens(page)
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_text("You are signed out")).to_be_visible()
    await check_on_all_screens(page)
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
    await check_on_all_screens(page)
    await page.get_by_label("Your password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in and accept").click()
    await expect(page.get_by_role("link", name="Your own chart")).to_have_count(2)
    await check_on_all_screens(page)
    await page.goto(f"/accept#{token}")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "This invitation has been accepted"
    )
    await check_on_all_screens(page)


async def test_the_pages_that_everybody_may_read(center: Center, page: Page) -> None:
    paths = ("/", "/accept", f"/{center.id}/sign-in", "/terms", "/privacy", "/accept/register")
    for path in paths:
        await page.goto(path)
        await expect(page.get_by_role("heading", level=1)).to_have_count(1)
        await check_on_all_screens(page)


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
