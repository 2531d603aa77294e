"""An administrator with a browser: users, links, the audit log, and the sign-in by OpenID."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from services.chart_service.app import build
from tests.browser.checks import check_on_all_screens
from tests.browser.conftest import SignIn
from tests.chart_settings import chart_settings
from tests.infrastructure import Servers
from tests.integration.chart_service.conftest import Center
from tests.integration.chart_service.serving import address_of, listen, serving
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, Person, serve_provider


@pytest.fixture
async def page(center: Center, sign_in: SignIn) -> Page:
    """A browser window in which an administrator signed in, whose centre has a chart."""
    await center.has_staff("admin")
    await center.has_chart()
    return await sign_in(center)


async def test_a_user_is_added_and_chooses_a_password_by_the_link(
    page: Page, browser: Browser, emr: str, center: Center
) -> None:
    await page.get_by_role("link", name="Users").click()
    await expect(page.get_by_role("row").filter(has_text="Kim Park")).to_contain_text("Active")
    await check_on_all_screens(page)
    await page.get_by_role("link", name="Add a user").click()
    await page.get_by_role("button", name="Add user").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter the name")
    await check_on_all_screens(page)
    await page.get_by_label("Name").fill("Bo Lind")
    await page.get_by_label("E-mail address").fill(f"bo@{center.id}.example")
    await page.get_by_role("button", name="Add user").click()
    link = await page.get_by_label("Link to choose a password").input_value()
    window = await browser.new_context(viewport={"width": 1280, "height": 800})
    theirs = await window.new_page()
    await theirs.goto(link)
    await expect(theirs).to_have_url(f"{emr}/set-password")
    await expect(theirs.get_by_label("Code")).to_be_hidden()
    await check_on_all_screens(theirs)
    await theirs.get_by_label("New password").fill("a-sunny-day-9")
    await theirs.get_by_role("button", name="Set password").click()
    await expect(theirs.get_by_role("status")).to_contain_text("Your password is set")
    await check_on_all_screens(theirs)
    await window.close()


async def test_the_audit_log_is_filtered_in_place(page: Page) -> None:
    await page.goto("/charts/c-1")
    await page.get_by_role("link", name="Audit log").click()
    await check_on_all_screens(page)
    await expect(page.get_by_role("row").filter(has_text="Signed in")).to_have_count(1)
    await page.get_by_label("What").select_option("Looked at a chart")
    await page.get_by_role("button", name="Filter").click()
    await expect(page.get_by_role("row").filter(has_text="Signed in")).to_have_count(0)
    await expect(page).to_have_url(re.compile("action=chart_viewed"))
    await page.get_by_role("link", name="Ana Lopez").first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ana Lopez")


@pytest.fixture
async def provided(servers: Servers, center: Center) -> AsyncIterator[str]:
    """The address of the pages, where the centre's staff can sign in at a provider."""
    await center.has_staff()
    port = listen()
    async with serve_provider() as provider:
        provider.knows(Person("sub-1", center.staff_email))
        known = {"oidc_issuer": provider.issuer, "oidc_label": "Sunrise ID"}
        known |= {"oidc_client_id": CLIENT_ID, "oidc_client_secret": CLIENT_SECRET}
        # The provider sends the browser back to this address.
        app = build(chart_settings(servers, emr_url=address_of(port), **known))
        async with serving(app, port) as url:
            yield url


async def test_staff_sign_in_at_the_provider(
    browser: Browser, provided: str, center: Center
) -> None:
    window = await browser.new_context(base_url=provided, viewport={"width": 1280, "height": 800})
    page = await window.new_page()
    await page.goto("/sign-in")
    await check_on_all_screens(page)
    await page.get_by_role("link", name="Sign in with Sunrise ID").click()
    await page.get_by_role("link", name=center.staff_email).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Charts")
    await expect(page).to_have_url(f"{provided}/")
    await window.close()
