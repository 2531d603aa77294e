"""The console tells every step of a real invitation."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from contracts.chart import RevokeRequested, RevokeRequestedData
from contracts.envelope import Invitee
from contracts.scopes import Role
from tests.browser.checks import check_on_all_screens
from tests.browser.mails import mailing
from tests.browser.ops_console import TRACING_UI, watching, window
from tests.integration.portal_access.stack import Center, Stack, Visitor, free_port

STEPS = [
    *("InviteRequested", "InvitationIssued", "InvitationSent", "InvitationOpened"),
    *("InvitationAccepted", "PortalAccessGranted", "FacesheetAlertCleared"),
]


@pytest.fixture
async def page(browser: Browser, stack: Stack) -> AsyncIterator[Page]:
    """The window of somebody who signed in to the console."""
    others = {
        "chart_service": stack.chart_url,
        "invitation_service": stack.invitations_url,
        "notification_service": f"http://127.0.0.1:{free_port()}",
    }
    async with watching(stack, others) as url, window(browser, url) as page:
        yield page


async def traces_on(page: Page) -> list[str]:
    """Return where the page leads to in the tracing UI; each link is named by its trace's id."""
    links = page.locator(f'a[href^="{TRACING_UI}"]')
    shown = [f"{TRACING_UI}{name}" for name in await links.all_inner_texts()]
    assert shown == [await link.get_attribute("href") for link in await links.all()]
    return shown


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
    steps = page.get_by_role("table", name="Steps").get_by_role("rowheader")
    assert sorted(await steps.all_inner_texts()) == sorted(STEPS)
    known = page.get_by_role("table", name="What the services know now")
    for what, state in (
        ("Invitation as patient", "accepted"),
        ("Access as patient", "active"),
        ("Alert on the facesheet", "cleared"),
        ("Directory", "active"),
    ):
        await expect(known.get_by_role("row", name=what)).to_contain_text(state)
    away = "notification_service did not tell what it knows."
    await expect(page.get_by_text(away)).to_be_visible()
    await expect(page.get_by_role("link", name="Facesheet in the EMR")).to_be_visible()
    await expect(page.get_by_text("Goes to a•••@o•••.example")).to_be_visible()
    assert email not in await page.content()
    links = await traces_on(page)
    assert len(links) > 1  # of the invitation, and of the visit that accepted it
    await check_on_all_screens(page)
    await page.get_by_role("link", name="InvitationSent").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("InvitationSent")
    assert email not in await page.content()
    [of_event] = await traces_on(page)
    assert of_event in links
    person = f"{center.id}/c-1/p-1"
    await page.goto(f"/trace?id={person}")
    await expect(page.get_by_text(f"Invitation {invitation_id}")).to_be_visible()
    await page.goto("/trace?id=nonsense")
    await expect(page.get_by_role("alert")).to_contain_text("organization/chart/person")


async def test_of_a_person_without_an_invitation_services_tell_that_they_know_nothing(
    stack: Stack, page: Page
) -> None:
    nobody = Invitee(organization=f"{Center(stack).id}-z", chart="c-1", person="p-1")
    await stack.events.publish(
        RevokeRequested.of(RevokeRequestedData(invitee=nobody, role=Role.PATIENT))
    )
    await page.goto(f"/trace?id={nobody.key}")
    await expect(page.get_by_text("What the services know now of")).to_be_visible()
    await expect(page.get_by_text("They know nothing of it.")).to_be_visible()
    await expect(page.get_by_text("did not tell what it knows")).to_have_count(1)


async def test_services_tell_what_they_know_to_the_console_alone(stack: Stack) -> None:
    path = f"/internal/records/o/c/p?invitation={uuid4()}"
    async with httpx.AsyncClient() as client:
        for url in (stack.chart_url, stack.invitations_url, stack.portal_url):
            for headers in ({}, stack.chart_signer.headers("chart_service")):
                assert (await client.get(f"{url}{path}", headers=headers)).status_code == 401
