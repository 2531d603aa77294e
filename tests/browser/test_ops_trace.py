"""The console tells every step of a real invitation."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.checks import check_on_all_screens
from tests.browser.mails import mailing
from tests.browser.ops_console import sign_in, watching
from tests.integration.portal_access.stack import Center, Stack, Visitor

STEPS = [
    *("InviteRequested", "InvitationIssued", "InvitationSent", "InvitationOpened"),
    *("InvitationAccepted", "PortalAccessGranted", "FacesheetAlertCleared"),
]


@pytest.fixture
async def page(browser: Browser, stack: Stack) -> AsyncIterator[Page]:
    """The window of somebody who signed in to the console."""
    async with watching(stack) as url:
        context = await browser.new_context(base_url=url)
        page = await context.new_page()
        await page.goto("/")
        await sign_in(page)
        yield page
        await context.close()


async def test_every_step_of_a_real_invitation(stack: Stack, page: Page) -> None:
    center = Center(stack)
    await center.opens()
    email = f"ana@{center.id}.example"
    async with mailing(stack):
        invitation_id, token = await center.invites(await center.has_chart("c-1", email))
        await center.is_mailed(invitation_id)
        visitor = Visitor(stack.portal_url)
        await visitor.accepts(token)
        await visitor.client.aclose()
    await page.get_by_role("link", name="Trace").click()
    await page.get_by_label("Id of an invitation").fill(str(invitation_id))
    await page.get_by_role("button", name="Find").click()
    told = await page.get_by_role("rowheader").all_inner_texts()
    assert sorted(told) == sorted(STEPS)
    assert email not in await page.content()
    await check_on_all_screens(page)
    await page.get_by_role("link", name="InvitationSent").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("InvitationSent")
    assert email not in await page.content()
    await page.goto(f"/trace?id={center.id}/c-1/p-1")
    await expect(page.get_by_text(f"Invitation {invitation_id}")).to_be_visible()
    await page.goto("/trace?id=nonsense")
    await expect(page.get_by_role("alert")).to_contain_text("organization/chart/person")
