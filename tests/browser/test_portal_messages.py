"""A message goes there and back: staff, the mail, the portal, and staff again."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, Page, expect

from services.notification_service.app import build
from services.notification_service.settings import Settings
from tests.browser.checks import check_on_all_screens
from tests.infrastructure import Servers
from tests.integration.invitation_service.conftest import SEAL_KEY
from tests.integration.notification_service.mail_server import MailServer
from tests.integration.portal_access.stack import PASSWORD, Center, Stack
from tests.waiting import until

PATIENT = "Ana Lopez"
SUBJECT, QUESTION = "Your results", "Do you take the pill with food?"
REPLY, ANSWER, ANOTHER = (
    "Always with breakfast.",
    "That is just right.",
    "May my sister come along?",
)


@pytest.fixture
def mails() -> Iterator[MailServer]:
    """A mail server."""
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def center(servers: Servers, stack: Stack, mails: MailServer) -> AsyncIterator[Center]:
    """A treatment centre with messages on, whose mails are sent."""
    settings = Settings(
        database_url=servers.database_url("notification"),
        kafka_bootstrap_servers=servers.kafka,
        seal_key=SEAL_KEY,
        notice_seal_key=SEAL_KEY,
        emr_jwks_url=f"{stack.chart_url}/.well-known/jwks.json",
        smtp_url=f"smtp://127.0.0.1:{mails.port}",
        portal_url=stack.portal_url,
    )
    app = build(settings)
    async with app.router.lifespan_context(app):
        opened = Center(stack)
        await opened.opens(messages_enabled=True)
        yield opened


@pytest.fixture
async def patient(browser: Browser, center: Center) -> AsyncIterator[Page]:
    """Ana Lopez on her dashboard."""
    _, token = await center.invites(await center.has_chart("c-1", f"ana@{center.id}.example"))
    context = await browser.new_context(base_url=center.stack.portal_url)
    page = await context.new_page()
    await page.goto(f"/accept#{token}")
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_label("Choose a password").fill(PASSWORD)
    await page.get_by_label("I agree to the terms").check()
    await page.get_by_role("button", name="Create account").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(PATIENT)
    yield page
    await context.close()


@pytest.fixture
async def staff(browser: Browser, center: Center) -> AsyncIterator[Page]:
    """Kim Park at the EMR's pages."""
    who = {"email": f"kim@{center.id}.example", "name": "Kim Park", "password": PASSWORD}
    await center.call("POST", "/staff", who | {"role": "staff"})
    context = await browser.new_context(base_url=center.stack.chart_url)
    page = await context.new_page()
    await page.goto("/")
    await page.get_by_label("E-mail address").fill(who["email"])
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Charts")
    yield page
    await context.close()


async def staff_write(staff: Page) -> None:
    write = staff.get_by_role("link", name="Write a message")

    async def can_write() -> bool:
        await staff.goto("/charts/c-1/messages")
        return await write.is_visible()

    await until(can_write)  # the chart hears of the account a moment later
    await write.click()
    await staff.get_by_label("To").select_option(label=f"{PATIENT}, patient")
    await staff.get_by_label("Subject").fill(SUBJECT)
    await staff.get_by_label("Message", exact=True).fill(QUESTION)
    await staff.get_by_role("button", name="Send message").click()
    await expect(staff.get_by_text("The message is sent")).to_be_visible()


async def mail_of_the_message(center: Center, mails: MailServer) -> str:
    address = f"ana@{center.id}.example"

    async def came() -> bool:
        return len(mails.to(address)) > 1

    await until(came)
    return mails.to(address)[1].as_string()  # the first one was the invitation


async def test_a_message_goes_there_and_back(
    center: Center, mails: MailServer, patient: Page, staff: Page
) -> None:
    await staff_write(staff)
    mail = await mail_of_the_message(center, mails)
    assert f"/{center.id}/sign-in" in mail
    assert [word for word in (SUBJECT, QUESTION, "results", "pill") if word in mail] == []

    await patient.reload()
    await expect(patient.get_by_text("You have 1 unread message")).to_be_visible()
    await check_on_all_screens(patient)
    await patient.get_by_role("link", name="Go to my messages").click()
    await check_on_all_screens(patient)
    await patient.get_by_role("link", name=SUBJECT).click()
    await expect(patient.get_by_text(QUESTION)).to_be_visible()
    await patient.get_by_label("Reply").fill(REPLY)
    await patient.get_by_role("button", name="Send reply").dblclick()
    await expect(patient.get_by_text("Your message is sent")).to_be_visible()
    await check_on_all_screens(patient)

    await staff.goto("/")
    await staff.get_by_role("link", name="Messages (1 new)").click()
    await check_on_all_screens(staff)
    await staff.get_by_role("link", name=SUBJECT).click()
    await expect(staff.get_by_text(REPLY)).to_have_count(1)
    await check_on_all_screens(staff)
    await staff.get_by_label("Reply").fill(ANSWER)
    await staff.get_by_role("button", name="Send reply").click()
    await staff.goto("/messages")
    await expect(staff.get_by_text("No new messages for you")).to_be_visible()
    await check_on_all_screens(staff)

    await patient.reload()
    await expect(patient.get_by_text(ANSWER)).to_be_visible()
    await patient.get_by_role("button", name="Archive").click()
    await expect(patient.get_by_text("The conversation is archived")).to_be_visible()
    await check_on_all_screens(patient)
    await patient.get_by_role("link", name="Archived").click()
    await expect(patient.get_by_role("link", name=SUBJECT)).to_be_visible()
    await check_on_all_screens(patient)


async def test_a_portal_user_writes_first_with_the_keyboard(patient: Page, staff: Page) -> None:
    await patient.goto("/charts/c-1/patient/messages/new")
    await check_on_all_screens(patient)
    await patient.get_by_label("Message", exact=True).fill(ANOTHER)
    await patient.get_by_role("button", name="Send message").press("Enter")
    await expect(patient.get_by_role("alert")).to_contain_text("Choose who gets the message")
    await check_on_all_screens(patient)
    await patient.get_by_role("link", name="Choose who gets the message").press("Enter")
    await expect(patient.get_by_label("To")).to_be_focused()
    await patient.keyboard.type("Kim")
    await patient.get_by_role("button", name="Send message").press("Enter")
    await expect(patient.get_by_text("Your message is sent")).to_be_visible()
    await staff.goto("/messages")
    await staff.get_by_role("link", name="No subject").click()
    await expect(staff.get_by_text(ANOTHER)).to_be_visible()
