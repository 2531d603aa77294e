"""From the facesheet's "Invite to Portal" until the alert goes away, and what staff can do."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from chassis.security.seal import Seal
from contracts.deliveries import InvitationSent, InvitationSentData
from contracts.envelope import Invitee
from contracts.invitations import InvitationIssued
from tests.browser.checks import check_on_all_screens
from tests.integration.chart_service.conftest import PASSWORD
from tests.integration.invitation_service.conftest import SEAL_KEY
from tests.integration.portal_access.stack import Center, Stack, Visitor


@pytest.fixture
async def center(stack: Stack) -> Center:
    """A treatment centre with staff and a chart, among services that run."""
    opened = Center(stack)
    await opened.opens()
    staff = {"email": f"kim@{opened.id}.example", "name": "Kim Park", "password": PASSWORD}
    await opened.call("POST", "/staff", staff)
    return opened


@pytest.fixture
async def page(browser: Browser, center: Center) -> AsyncIterator[Page]:
    """A browser window in which staff signed in."""
    context = await browser.new_context(
        base_url=center.stack.chart_url, viewport={"width": 1280, "height": 800}
    )
    page = await context.new_page()
    await page.goto("/sign-in")
    await page.get_by_label("E-mail address").fill(f"kim@{center.id}.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    yield page
    await context.close()


async def test_an_invitation_from_the_facesheet_until_its_alert_goes_away_live(
    center: Center, page: Page
) -> None:
    invitee = await center.has_chart("c-1", "ana@sunrise.example")
    await page.goto("/charts/c-1")
    await page.get_by_role("link", name="Invite to Portal Ana Lopez").click()
    await expect(page.get_by_text("ana@sunrise.example")).to_be_visible()
    await page.get_by_role("button", name="Yes, send invitation").click()
    old = await _issued(center, invitee)
    await center.stack.events.publish(_mailed(old))
    await expect(_alerts(page)).to_contain_text("Invitation mailed: Ana Lopez, patient")
    await expect(page.locator("#live-news")).to_contain_text("Invitation mailed")
    await check_on_all_screens(page)

    await _alerts(page).get_by_role("link", name="Resend").click()
    await expect(page.get_by_text("the link in the earlier mail stops working")).to_be_visible()
    await check_on_all_screens(page)
    await page.get_by_role("button", name="Yes, send a new invitation").click()
    new = await _issued(center, invitee, after=old)
    await expect(page.locator(f'[data-alert="{new.data.invitation_id}"]')).to_be_visible()
    visitor = Visitor(center.stack.portal_url)
    refused = await visitor.opens_link(_token(old))
    assert "Create your account" not in refused.text
    accepted = await visitor.accepts(_token(new))
    assert "Next appointments" in accepted.text

    await expect(_alerts(page).locator(".alert")).to_have_count(0)
    await expect(page.get_by_text("Portal active")).to_be_visible()
    await expect(page.locator("#live-news")).to_contain_text("is gone")
    await visitor.client.aclose()
    await page.goto("/charts/c-1/people/p-1/invite")
    await expect(page.get_by_text("has portal access to this chart already")).to_be_visible()

    await page.goto("/charts/c-1/people/p-1/history")
    newest = page.locator(".card").first
    for step in ("Invitation requested", "Invitation issued", "Accepted", "Access granted"):
        await expect(newest.get_by_text(step, exact=True)).to_be_visible()
    await expect(newest.get_by_text("Kim Park")).to_be_visible()
    await expect(page.get_by_text("Superseded by a newer invitation")).to_be_visible()
    assert "@" not in await page.locator("main").inner_text()
    await check_on_all_screens(page)


async def test_an_open_invitation_is_revoked_after_a_question(center: Center, page: Page) -> None:
    invitee = await center.has_chart("c-1", "ana@sunrise.example")
    _, token = await center.invites(invitee)
    await page.goto("/charts/c-1")
    await _alerts(page).get_by_role("link", name="Revoke").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Revoke the invitation?")
    await check_on_all_screens(page)
    await page.get_by_role("button", name="Revoke").click()
    await expect(page.get_by_role("status")).to_contain_text("The invitation is being revoked")
    await expect(_alerts(page).locator(".alert")).to_have_count(0)
    visitor = Visitor(center.stack.portal_url)
    assert "Create your account" not in (await visitor.opens_link(token)).text
    await visitor.client.aclose()


async def test_a_new_address_takes_the_open_invitation_along_when_staff_say_so(
    center: Center, page: Page
) -> None:
    invitee = await center.has_chart("c-1", "ana@sunrise.example")
    old_id, old_token = await center.invites(invitee)
    await page.goto("/charts/c-1/people/p-1/edit")
    await page.get_by_label("E-mail").fill("ana.lopez@sunrise.example")
    await page.get_by_role("button", name="Save changes").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "Send the invitation to the new address?"
    )
    await check_on_all_screens(page)
    await page.get_by_role("button", name="Yes, save and send it there").click()
    await expect(page.get_by_role("status")).to_contain_text("goes to the new address")
    issued = await _issued(center, invitee, after=old_id)
    assert issued.data.email == "ana.lopez@sunrise.example"
    alerts = _alerts(page).locator(".alert")
    await expect(alerts).to_have_count(1)
    await expect(alerts).to_have_attribute("data-alert", str(issued.data.invitation_id))
    visitor = Visitor(center.stack.portal_url)
    assert "Create your account" not in (await visitor.opens_link(old_token)).text
    assert "Create your account" in (await visitor.opens_link(_token(issued))).text
    await visitor.client.aclose()


async def test_a_death_is_recorded_after_staff_read_what_ends(center: Center, page: Page) -> None:
    await center.invites(await center.has_chart("c-1", "ana@sunrise.example"))
    await page.goto("/charts/c-1/patient/deceased")
    await expect(page.get_by_text("1 open invitation is revoked")).to_be_visible()
    await check_on_all_screens(page)
    await page.get_by_role("button", name="Record as deceased").click()
    await expect(page.get_by_text("so nobody can be invited to this chart")).to_be_visible()
    await expect(_alerts(page).locator(".alert")).to_have_count(0)


def _alerts(page: Page) -> Locator:
    return page.get_by_role("region", name="Invitations")


async def _issued(
    center: Center, invitee: Invitee, after: InvitationIssued | UUID | None = None
) -> InvitationIssued:
    """Wait for the invitee's newest invitation."""
    before = after.data.invitation_id if isinstance(after, InvitationIssued) else after
    found = await center.stack.events.wait_for(
        InvitationIssued,
        lambda e: e.data.invitee == invitee and e.data.invitation_id != before,
    )
    return found[-1]


def _mailed(issued: InvitationIssued) -> InvitationSent:
    data = issued.data
    return InvitationSent.of(
        InvitationSentData(
            invitation_id=data.invitation_id,
            invitee=data.invitee,
            role=data.role,
            message_id="<m@portico.example>",
            sent_at=datetime.now(UTC),
        )
    )


def _token(issued: InvitationIssued) -> str:
    return Seal(SEAL_KEY).open(issued.data.sealed_token, bound_to=issued.data.invitation_id)
