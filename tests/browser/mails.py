"""A real notification_service, and the inbox in which people read its mails."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page

from devstack.inbox.app import create_app
from devstack.inbox.mailbox import Mailbox
from devstack.inbox.smtp import serve_smtp
from services.notification_service.app import build
from services.notification_service.settings import Settings
from tests.chart_settings import NOWHERE
from tests.integration.chart_service.serving import serving
from tests.integration.invitation_service.conftest import SEAL_KEY
from tests.integration.portal_access.stack import Stack, free_port
from tests.waiting import until

HOST = "127.0.0.1"


@asynccontextmanager
async def mailing(stack: Stack) -> AsyncIterator[str]:
    """Send all mails of the stack; give the address of the inbox to which they go."""
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


async def follow(inbox: str, page: Page, email: str, subject: str, button: str) -> Page:
    """Open the one mail of a subject that an address got; return the window of its link."""
    mail = page.get_by_role("link", name=subject)

    async def arrived() -> bool:
        await page.goto(f"{inbox}/?query=to:{email}")
        return await mail.count() == 1

    await until(arrived)
    await mail.click()
    # With the frame that the mail is in: a click on a frame that still loads can get lost.
    await page.wait_for_load_state("load")
    async with page.expect_popup() as opened:
        await page.frame_locator("iframe").get_by_role("link", name=button).click()
    return await opened.value
