"""How one organisation does is counted from the topics when somebody asks."""

from playwright.async_api import Browser, expect

from contracts.chart import InviteRequested, InviteRequestedData
from contracts.envelope import Invitee
from contracts.invitations import InvitationRejected
from contracts.scopes import Role
from tests.browser.checks import check_on_all_screens
from tests.browser.ops_console import watching, window
from tests.integration.portal_access.stack import Center, Stack


async def test_an_organisation_is_found_among_the_busiest_and_counted(
    stack: Stack, browser: Browser
) -> None:
    name = f"{Center(stack).id}-y"
    invitee = Invitee(organization=name, chart="c-1", person="patient")
    data = InviteRequestedData(invitee=invitee, role=Role.PATIENT, email="ana@busy.example")
    first, second = InviteRequested.of(data), InviteRequested.of(data)
    await stack.events.publish(first, second)
    async with watching(stack) as url, window(browser, url, "/organizations") as page:
        await check_on_all_screens(page)
        await page.get_by_role("link", name=name, exact=True).click()
        requests = page.get_by_role("row", name="InviteRequested")
        await expect(requests).to_contain_text("2")
        rejected = stack.events.of(InvitationRejected, lambda e: e.data.invitee == invitee)
        waiting = [one for one in (first, second) if one.id not in _ids(rejected)]
        for one in waiting:
            await expect(page.get_by_role("link", name=str(one.id))).to_be_visible()
        assert "ana@busy.example" not in await page.content()
        await check_on_all_screens(page)
        await page.get_by_label("Organisation's id").fill("nobody-knows-it")
        await page.get_by_label("Period").select_option("Last 7 days")
        await page.get_by_role("button", name="Count").click()
        await expect(page.get_by_text("No event of this organisation")).to_be_visible()


def _ids(rejected: list[InvitationRejected]) -> set[object]:
    return {event.data.invitation_id for event in rejected}
