"""An administrator changes settings, and the mail changes with them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from services.chart_service.app import build as build_chart
from services.chart_service.throttle import MOST_TEST_MAILS
from services.invitation_service.app import build as build_invitations
from services.invitation_service.settings import Settings as InvitationSettings
from services.notification_service.app import build as build_mail
from services.notification_service.settings import Settings as MailSettings
from tests.browser.checks import check_on_all_screens
from tests.chart_settings import API_TOKEN, NOWHERE, chart_settings
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.chart_service.conftest import PASSWORD, Center
from tests.integration.notification_service.conftest import SEAL_KEY
from tests.integration.notification_service.mail_server import MailServer
from tests.integration.portal_access.stack import free_port, serve
from tests.waiting import until

NEW_NAME = "Sunset Recovery Center"


@dataclass(frozen=True)
class Emr:
    """A chart_service among the services that make its mails, and where they arrive."""

    url: str
    mails: MailServer


@pytest.fixture(scope="module")
async def emr_with_mail(servers: Servers, events: EventLog) -> AsyncIterator[Emr]:
    """The running services."""
    del events
    mails = MailServer()
    mails.start()
    emr, mail, invitations = (free_port() for _ in range(3))
    url = f"http://127.0.0.1:{emr}"
    common = {"kafka_bootstrap_servers": servers.kafka, "seal_key": SEAL_KEY}
    chart = chart_settings(servers, notifications_url=f"http://127.0.0.1:{mail}", emr_url=url)
    inviting = InvitationSettings.model_validate(
        common | {"database_url": servers.database_url("invitation"), "jwks_url": f"{NOWHERE}/x"}
    )
    mailing = MailSettings.model_validate(
        common
        | {
            "database_url": servers.database_url("notification"),
            "notice_seal_key": SEAL_KEY,
            "emr_jwks_url": f"{url}/.well-known/jwks.json",
            "smtp_url": f"smtp://127.0.0.1:{mails.port}",
            "portal_url": "https://portal.sunrise.example",
        }
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serve(build_chart(chart), emr))
        await stack.enter_async_context(serve(build_mail(mailing), mail))
        await stack.enter_async_context(serve(build_invitations(inviting), invitations))
        yield Emr(url, mails)
    mails.stop()


@pytest.fixture
async def center(emr_with_mail: Emr) -> AsyncIterator[Center]:
    """A treatment centre with an administrator."""
    headers = {"Authorization": f"Bearer {API_TOKEN}"}
    async with httpx.AsyncClient(base_url=emr_with_mail.url, headers=headers, timeout=20) as api:
        opened = Center(api, f"o-{uuid4().hex[:12]}")
        await opened.opens(name="Sunrise Recovery Center")
        await opened.has_staff("admin")
        yield opened


@pytest.fixture
async def page(browser: Browser, emr_with_mail: Emr, center: Center) -> AsyncIterator[Page]:
    """A browser window in which the administrator signed in."""
    context = await browser.new_context(base_url=emr_with_mail.url)
    page = await context.new_page()
    await page.goto("/sign-in")
    await page.get_by_label("E-mail address").fill(center.staff_email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Charts")
    yield page
    await context.close()


async def test_the_mail_shows_a_new_name_while_it_is_typed_and_the_next_one_has_it(
    page: Page, center: Center, emr_with_mail: Emr
) -> None:
    await page.goto("/settings/branding")
    in_frame = page.frame_locator("iframe")
    await expect(in_frame.get_by_text("Sunrise Recovery Center invites you")).to_be_visible()
    await page.get_by_label("Name").fill(NEW_NAME)
    await expect(page.locator("#mail")).to_contain_text(f"the patient portal of {NEW_NAME}")
    await expect(in_frame.get_by_text(f"{NEW_NAME} invites you")).to_be_visible()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_contain_text("Saved: the name")
    address = f"ana@{center.id}.example"
    await center.has_chart(email=address)
    await page.goto("/charts/c-1/people/p-1/invite")
    await page.get_by_role("button", name="Yes, send invitation").click()

    async def arrived() -> bool:
        return bool(emr_with_mail.mails.to(address))

    await until(arrived)
    (mail,) = emr_with_mail.mails.to(address)
    assert str(mail["Subject"]) == f"Your invitation to the patient portal of {NEW_NAME}"


async def test_a_test_mail_goes_to_oneself(page: Page, center: Center, emr_with_mail: Emr) -> None:
    await page.goto("/settings/mail")
    await page.get_by_label("Mail", exact=True).select_option("reminder")
    await expect(page.locator("#mail")).to_contain_text("Reminder: your invitation")
    await page.get_by_role("button", name="Send a test mail to me").click()
    await expect(page.get_by_role("status")).to_contain_text(f"It goes to {center.staff_email}")
    (mail,) = emr_with_mail.mails.to(center.staff_email)
    assert str(mail["Subject"]).startswith("Test: Reminder")


async def test_one_test_mail_too_many_is_not_sent(
    page: Page, center: Center, emr_with_mail: Emr
) -> None:
    await page.goto("/settings/mail")
    for _ in range(MOST_TEST_MAILS):
        await page.get_by_role("button", name="Send a test mail to me").click()
        await expect(page.get_by_role("status")).to_contain_text("The test mail is on its way")
        await page.get_by_role("button", name="Show").click()
    await page.get_by_role("button", name="Send a test mail to me").click()
    await expect(page.get_by_role("alert")).to_contain_text("Wait 15 minutes, then try again")
    await check_on_all_screens(page)
    assert len(emr_with_mail.mails.to(center.staff_email)) == MOST_TEST_MAILS


async def test_previews_of_mails_can_be_used_by_everybody(page: Page) -> None:
    for path in ("/settings/branding", "/settings/mail"):
        await page.goto(path)
        await expect(page.get_by_role("heading", level=1)).to_have_count(1)
        await check_on_all_screens(page)
