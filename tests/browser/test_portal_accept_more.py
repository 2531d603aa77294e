"""Links that need more than one press: asked for anew, scanned, checked, and one after another."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
from playwright.async_api import Browser, Locator, Page, expect

from chassis.security.seal import Seal
from contracts.envelope import Invitee
from contracts.invitations import InvitationIssued
from tests.browser.checks import check_on_all_screens
from tests.integration.chart_service.conftest import PASSWORD as STAFF_PASSWORD
from tests.integration.invitation_service.conftest import SEAL_KEY
from tests.integration.portal_access.stack import NAME, PASSWORD, Center, Stack

ADDRESS = "ana@sunrise.example"
BORN = "1990-04-12"


@pytest.fixture
async def center(stack: Stack) -> Center:
    """A treatment centre with its portal on and a member of staff."""
    opened = Center(stack)
    await opened.opens()
    staff = {"email": f"kim@{opened.id}.example", "name": "Kim Park", "password": STAFF_PASSWORD}
    await opened.call("POST", "/staff", staff | {"role": "admin"})
    return opened


@pytest.fixture
async def page(browser: Browser, stack: Stack) -> AsyncIterator[Page]:
    """The invitee's browser."""
    context = await browser.new_context(base_url=stack.portal_url)
    yield await context.new_page()
    await context.close()


@pytest.fixture
async def emr(browser: Browser, center: Center) -> AsyncIterator[Page]:
    """The browser of staff who signed in."""
    context = await browser.new_context(base_url=center.stack.chart_url)
    page = await context.new_page()
    await page.goto("/sign-in")
    await page.get_by_label("E-mail address").fill(f"kim@{center.id}.example")
    await page.get_by_label("Password").fill(STAFF_PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Charts")
    yield page
    await context.close()


async def test_an_expired_link_is_asked_for_anew_and_the_new_one_leads_in(
    center: Center, page: Page, emr: Page
) -> None:
    patient = await center.has_chart("c-1", ADDRESS)
    old, token = await center.invites(patient)
    await center.lets_expire(old)
    await emr.goto("/charts/c-1")
    await follow(page, token)
    await expect(heading(page)).to_have_text("This invitation has expired")
    await check_on_all_screens(page)
    await page.get_by_role("button", name="Ask for a new invitation").click()
    await expect(heading(page)).to_have_text(f"We have told {NAME}")
    await check_on_all_screens(page)
    alerts = alerts_on(emr)
    await expect(alerts).to_contain_text("Asked for a new invitation: Ana Lopez, patient")
    await check_on_all_screens(emr)
    await alerts.get_by_role("link", name="Resend").click()
    await emr.get_by_role("button", name="Yes, send").click()
    await expect(alerts).not_to_contain_text("Asked for")
    await follow(page, await newest_token(center, patient, old))
    await register(page)
    await expect(page.get_by_text("Your own chart")).to_be_visible()
    await emr.goto("/charts/c-1/people/p-1/history")
    await expect(emr.get_by_text("New invitation asked for")).to_be_visible()
    await check_on_all_screens(emr)


async def test_a_used_link_leads_to_signing_in_first(center: Center, page: Page) -> None:
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    await follow(page, token)
    await expect(page.get_by_text("to see your own chart")).to_be_visible()
    await register(page)
    await page.get_by_role("button", name="Sign out").click()
    await follow(page, token)
    await expect(heading(page)).to_have_text("This invitation has been accepted")
    await expect(page.get_by_role("button", name="Ask for a new invitation")).to_be_visible()
    await check_on_all_screens(page)
    await page.get_by_role("link", name="Sign in", exact=True).click()
    await expect(heading(page)).to_have_text("Sign in")


async def test_a_link_works_that_a_scanner_has_fetched_and_run(
    browser: Browser, center: Center, page: Page
) -> None:
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    link = f"{center.stack.portal_url}/accept#{token}"
    async with httpx.AsyncClient() as scanner:
        for _ in range(10):
            for method in ("GET", "HEAD"):
                assert (await scanner.request(method, link)).status_code == httpx.codes.OK
    for _ in range(2):
        context = await browser.new_context()
        sandbox = await context.new_page()
        await sandbox.goto(link, wait_until="networkidle")
        # Its script has run: the code is taken from the link.
        await expect(sandbox.get_by_label("Your invitation code")).to_be_hidden()
        await context.close()
    await follow(page, token)
    await register(page)
    await expect(page.get_by_text("Your own chart")).to_be_visible()


async def test_the_date_of_birth_is_wrong_twice_and_then_right(
    center: Center, page: Page, emr: Page
) -> None:
    await wants_birth_dates(center, emr)
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS, birth_date=BORN))
    await follow(page, token)
    await expect(heading(page)).to_have_text("One question first")
    await expect(page.get_by_role("group", name="Your date of birth")).to_be_visible()
    await check_on_all_screens(page)
    for more in (4, 3):
        await give(page, "12", "4", "1990")
        await expect(page.get_by_role("alert")).to_contain_text(f"You can try {more} more times")
    await check_on_all_screens(page)
    await give(page, "4", "12", "1990")
    await expect(heading(page)).to_have_text("Create your account")
    await register(page)
    await expect(page.get_by_text("Your own chart")).to_be_visible()


async def test_five_wrong_dates_of_birth_lock_the_link_and_staff_see_it(
    center: Center, page: Page, emr: Page
) -> None:
    await wants_birth_dates(center, emr)
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS, birth_date=BORN))
    await emr.goto("/charts/c-1")
    await follow(page, token)
    for _ in range(5):
        await give(page, "12", "4", "1990")
    await expect(heading(page)).to_have_text("This link is locked")
    await check_on_all_screens(page)
    alerts = alerts_on(emr)
    await expect(alerts).to_contain_text("Link locked: Ana Lopez, patient")
    await check_on_all_screens(emr)
    await page.get_by_role("button", name="Ask for a new invitation").click()
    await expect(alerts).to_contain_text("Asked for a new invitation: Ana Lopez, patient")
    await expect(alerts).to_contain_text("Their link is locked.")
    await emr.goto("/directory")
    await expect(emr.get_by_role("main")).to_contain_text("Link locked")


async def test_without_a_date_of_birth_on_file_the_page_says_whom_to_call(
    center: Center, page: Page, emr: Page
) -> None:
    await wants_birth_dates(center, emr)
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    await follow(page, token)
    await give(page, "12", "4", "1990")
    await expect(heading(page)).to_have_text("This invitation cannot be checked")
    await check_on_all_screens(page)


async def test_a_guardian_of_two_children_accepts_one_after_the_other(
    center: Center, page: Page
) -> None:
    rosa = "rosa@sunrise.example"
    await center.has_chart("c-1", "kim@sunrise.example", given_name="Kim")
    await center.has_chart("c-2", rosa, given_name="Leo")
    _, first = await center.invites(await center.has_guardian("c-1", rosa))
    guarantor = await center.has_guardian("c-2", rosa, relationship="Guarantor")
    _, second = await center.invites(guarantor)
    await follow(page, first)
    await expect(page.get_by_text("to see the chart of Kim.")).to_be_visible()
    await check_on_all_screens(page)
    await register(page)
    await expect(page.get_by_text("You are the guardian")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await follow(page, second)
    await expect(heading(page)).to_have_text("Sign in to accept")
    await expect(page.get_by_text("one more chart: that of Leo.")).to_be_visible()
    await check_on_all_screens(page)
    await page.get_by_label("Your password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in and accept").click()
    await expect(page.get_by_role("link", name="Kim You are the guardian")).to_be_visible()
    await expect(page.get_by_role("link", name="Leo You are the guarantor")).to_be_visible()


async def follow(page: Page, token: str) -> None:
    """Open the link and press its one button."""
    await page.goto("about:blank")
    await page.goto(f"/accept#{token}")
    await page.get_by_role("button", name="Continue").click()


async def register(page: Page) -> None:
    """Choose a password and agree."""
    await page.get_by_label("Choose a password").fill(PASSWORD)
    await page.get_by_label("I agree to the terms").check()
    await page.get_by_role("button", name="Create account").click()


async def give(page: Page, month: str, day: str, year: str) -> None:
    """Answer the question for the date of birth."""
    for label, value in (("Month", month), ("Day", day), ("Year", year)):
        await page.get_by_label(label).fill(value)
    await page.get_by_role("button", name="Continue").click()


async def wants_birth_dates(center: Center, emr: Page) -> None:
    """Have the administrator switch the check on, and the portal hear of it."""
    await emr.goto("/settings")
    await emr.get_by_label("ask for the patient's date of birth").check()
    await check_on_all_screens(emr)
    await emr.get_by_role("button", name="Save").click()
    await expect(emr.get_by_role("status")).to_contain_text("the check of the date of birth")
    await center.is_heard_to_check_birth_dates()


async def newest_token(center: Center, invitee: Invitee, old: UUID) -> str:
    """Return the token of the mail that was sent after the old one."""
    [issued] = await center.stack.events.wait_for(
        InvitationIssued,
        lambda event: event.data.invitee == invitee and event.data.invitation_id != old,
    )
    invitation_id = issued.data.invitation_id
    return Seal(SEAL_KEY).open(issued.data.sealed_token, bound_to=invitation_id)


def heading(page: Page) -> Locator:
    """Return the page's h1."""
    return page.get_by_role("heading", level=1)


def alerts_on(emr: Page) -> Locator:
    """Return the alerts at the top of the facesheet."""
    return emr.get_by_role("region", name="Invitations")
