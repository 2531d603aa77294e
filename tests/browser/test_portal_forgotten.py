"""Who forgot their password gets in again by the mail in the inbox, and by nothing older."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from devstack.inbox.app import create_app
from devstack.inbox.mailbox import Mailbox
from devstack.inbox.smtp import serve_smtp
from services.notification_service.app import build
from services.notification_service.settings import Settings
from tests.browser.checks import check_on_all_screens
from tests.chart_settings import NOWHERE
from tests.integration.chart_service.serving import serving
from tests.integration.invitation_service.conftest import SEAL_KEY
from tests.integration.portal_access.stack import (
    PASSWORD,
    Center,
    Stack,
    Visitor,
    free_port,
    wait_until,
)

HOST, NEW_PASSWORD = "127.0.0.1", "another horse battery"


@pytest.fixture
async def inbox(stack: Stack) -> AsyncIterator[str]:
    """The address of the inbox to which all mails of the stack go."""
    mailbox, smtp_port = Mailbox(20_000), free_port()
    settings = Settings(
        database_url=stack.servers.database_url("notification"),
        kafka_bootstrap_servers=stack.servers.kafka,
        seal_key=SEAL_KEY,
        notice_seal_key=SEAL_KEY,
        emr_jwks_url=f"{NOWHERE}/none",
        smtp_url=f"smtp://{HOST}:{smtp_port}",
        portal_url=stack.portal_url,
    )
    async with (
        await serve_smtp(mailbox, HOST, smtp_port),
        serving(create_app(mailbox, HOST)) as url,
        serving(build(settings)),
    ):
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
    mail = page.get_by_role("link", name="Choose a new password for the patient portal")

    async def arrived() -> bool:
        await page.goto(f"{inbox}/?query=to:{email}")
        return await mail.count() == 1

    await wait_until(arrived)
    await mail.click()
    async with page.expect_popup() as opened:
        in_mail = page.frame_locator("iframe")
        await in_mail.get_by_role("link", name="Choose a new password").click()
    return await opened.value


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
