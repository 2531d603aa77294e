"""Who forgot their password gets in again by the mail in the inbox, and by nothing older."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.checks import check_on_all_screens
from tests.browser.mails import follow, mailing
from tests.integration.portal_access.stack import PASSWORD, Center, Stack, Visitor

NEW_PASSWORD = "another horse battery"


@pytest.fixture
async def inbox(stack: Stack) -> AsyncIterator[str]:
    """The address of the inbox to which all mails of the stack go."""
    async with mailing(stack) as url:
        yield url


@pytest.fixture
async def page(browser: Browser, stack: Stack) -> AsyncIterator[Page]:
    """A browser window at the portal."""
    context = await browser.new_context(base_url=stack.portal_url)
    yield await context.new_page()
    await context.close()


async def test_from_the_sign_in_by_the_mail_to_another_password(
    stack: Stack, inbox: str, page: Page
) -> None:
    center = Center(stack)
    email = f"ana@{center.id}.example"
    await has_account(center, email)
    await page.goto(f"/{center.id}/sign-in")
    await page.get_by_role("link", name="I forgot my password").click()
    await check_on_all_screens(page)
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_role("button", name="Send the e-mail").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Check your e-mail")
    await check_on_all_screens(page)
    mailed = await opened_from(inbox, page, email)
    await choose(mailed, NEW_PASSWORD)
    await expect(mailed.get_by_role("status")).to_contain_text("Your password is changed")
    await sign_in(mailed, email, PASSWORD)
    await expect(mailed.get_by_role("alert")).to_contain_text("is not right")
    await sign_in(mailed, email, NEW_PASSWORD)
    await expect(mailed.get_by_role("heading", level=1)).to_have_text("Ana Lopez")
    again = await opened_from(inbox, page, email)
    await choose(again, PASSWORD)
    await expect(again.get_by_role("heading", level=1)).to_have_text(
        "This link does not work any more"
    )
    await check_on_all_screens(again)


async def has_account(center: Center, email: str) -> None:
    await center.opens()
    _, token = await center.invites(await center.has_chart("c-1", email))
    await Visitor(center.stack.portal_url).accepts(token)


async def opened_from(inbox: str, page: Page, email: str) -> Page:
    """Follow the link in the mail; return the window that it opens."""
    subject = "Choose a new password for the patient portal"
    return await follow(inbox, page, email, subject, "Choose a new password")


async def choose(page: Page, password: str) -> None:
    await expect(page.get_by_label("Your code")).to_be_hidden()
    assert page.url.endswith("/reset-password")
    await check_on_all_screens(page)
    await page.get_by_label("New password").fill(password)
    await page.get_by_role("button", name="Change the password").click()


async def sign_in(page: Page, email: str, password: str) -> None:
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in", exact=True).click()
