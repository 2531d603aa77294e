"""An administrator with a browser, and the portal user whose account it is, with another."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from chassis.security.seal import Seal
from contracts.access import NoticeKind, NoticeRequested
from tests.browser.checks import check_on_all_screens
from tests.integration.invitation_service.conftest import SEAL_KEY
from tests.integration.portal_access.admin import STAFF_PASSWORD
from tests.integration.portal_access.stack import NAME, PASSWORD, PHONE, Center, Stack

ANA = "ana@sunrise.example"
NEW = "ana.lopez@sunrise.example"


@pytest.fixture
async def center(stack: Stack) -> Center:
    """A treatment centre with its portal on and an administrator."""
    opened = Center(stack)
    await opened.opens()
    body = {"email": f"kim@{opened.id}.example", "name": "Kim Park", "role": "admin"}
    await opened.call("POST", "/staff", body | {"password": STAFF_PASSWORD})
    return opened


@pytest.fixture
async def portal(browser: Browser, stack: Stack) -> AsyncIterator[Page]:
    """The portal user's browser."""
    context = await browser.new_context(base_url=stack.portal_url)
    yield await context.new_page()
    await context.close()


@pytest.fixture
async def emr(browser: Browser, center: Center, stack: Stack) -> AsyncIterator[Page]:
    """The administrator's browser, signed in."""
    context = await browser.new_context(base_url=stack.chart_url)
    page = await context.new_page()
    await page.goto("/sign-in")
    await page.get_by_label("E-mail address").fill(f"kim@{center.id}.example")
    await page.get_by_label("Password").fill(STAFF_PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Charts")
    yield page
    await context.close()


async def test_an_account_from_its_acceptance_through_all_that_happens_to_it(
    center: Center, portal: Page, emr: Page
) -> None:
    await accept(center, portal)
    await disable(emr)
    await portal.reload()
    await expect(portal.get_by_role("heading", level=1)).to_have_text(
        "Sign in to your patient portal"
    )
    await sign_in(center, portal, ANA)
    await expect(portal.get_by_role("alert")).to_contain_text(
        f"This account is disabled. Call {NAME} at {PHONE}"
    )
    await emr.get_by_role("link", name="Enable").click()
    await emr.get_by_role("button", name="Yes, enable").click()
    await sign_in(center, portal, ANA)
    await expect(portal.get_by_role("heading", level=1)).to_have_text("Ana Lopez")
    await edit_email(emr)
    await verify(center, portal)
    await sign_in(center, portal, NEW)
    await expect(portal.get_by_text(f"Signed in as {NEW}")).to_be_visible()
    await disconnect(emr)
    await portal.reload()
    await expect(portal.get_by_text("You have no access to this chart")).to_be_visible()


async def accept(center: Center, portal: Page) -> None:
    _, token = await center.invites(await center.has_chart("c-1", ANA))
    await portal.goto(f"/accept#{token}")
    await portal.get_by_role("button", name="Continue").click()
    await portal.get_by_label("Choose a password").fill(PASSWORD)
    await portal.get_by_label("I agree to the terms").check()
    await portal.get_by_role("button", name="Create account").click()
    await expect(portal.get_by_role("heading", level=1)).to_have_text("Ana Lopez")


async def disable(emr: Page) -> None:
    await emr.get_by_role("link", name="Portal Accounts").click()
    await expect(emr.get_by_role("row").filter(has_text="Ana Lopez, patient")).to_be_visible()
    await check_on_all_screens(emr)
    await emr.get_by_label("E-mail address").fill("ANA@")
    await emr.get_by_role("button", name="Search").click()
    assert "@" not in emr.url
    await emr.get_by_role("link", name=ANA).click()
    await emr.get_by_role("link", name="Disable").click()
    await expect(emr.get_by_role("heading", level=1)).to_have_text("Disable this account?")
    await check_on_all_screens(emr)
    await emr.get_by_role("button", name="Yes, disable").click()
    await expect(emr.get_by_text("The account is disabled")).to_be_visible()


async def sign_in(center: Center, portal: Page, email: str) -> None:
    await portal.goto(f"/{center.id}/sign-in")
    await portal.get_by_label("E-mail address").fill(email)
    await portal.get_by_label("Password").fill(PASSWORD)
    await portal.get_by_role("button", name="Sign in", exact=True).click()


async def edit_email(emr: Page) -> None:
    await emr.get_by_role("link", name="Edit e-mail").click()
    await emr.get_by_label("New e-mail address").fill("ana@nowhere")
    await emr.get_by_role("button", name="Send verification").click()
    await expect(emr.get_by_role("alert")).to_contain_text("Enter an e-mail address like")
    await check_on_all_screens(emr)
    await emr.get_by_label("New e-mail address").fill(NEW)
    await emr.get_by_role("button", name="Send verification").click()
    await expect(emr.get_by_text(f"New address: {NEW}")).to_be_visible()
    await check_on_all_screens(emr)


async def verify(center: Center, portal: Page) -> None:
    [notice] = await center.stack.events.wait_for(
        NoticeRequested,
        lambda event: (
            event.data.organization == center.id and event.data.kind is NoticeKind.VERIFY_EMAIL
        ),
    )
    assert notice.data.sealed_token
    token = Seal(SEAL_KEY).open(notice.data.sealed_token, bound_to=notice.id)
    await portal.goto(f"/verify-email#{token}")
    await expect(portal.get_by_label("Your code")).to_be_hidden()
    assert portal.url.endswith("/verify-email")
    await check_on_all_screens(portal)
    await portal.get_by_role("button", name="Verify this address").click()
    await expect(portal.get_by_text("Your e-mail address is verified")).to_be_visible()
    await portal.goto("/")
    await expect(portal.get_by_role("heading", level=1)).to_have_text(
        "Sign in to your patient portal"
    )
    await portal.goto(f"/verify-email#{token}")
    await portal.get_by_role("button", name="Verify this address").click()
    await expect(portal.get_by_role("heading", level=1)).to_have_text(
        "This link does not work any more"
    )
    await check_on_all_screens(portal)


async def disconnect(emr: Page) -> None:
    await emr.reload()
    await expect(emr.get_by_role("heading", level=1)).to_have_text(NEW)
    await emr.get_by_role("link", name="Disconnect Ana Lopez").click()
    await emr.get_by_role("button", name="Yes, disconnect").click()
    await expect(emr.get_by_text("No chart is connected")).to_be_visible()
    await expect(emr.get_by_role("link", name="Invite again Ana Lopez")).to_be_visible()
    await expect(emr.get_by_role("row").filter(has_text="by an administrator")).to_contain_text(
        "Kim Park"
    )
