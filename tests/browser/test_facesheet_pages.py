"""Staff with a browser: sign in, find a chart, correct the e-mail, invite."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal
from uuid import uuid4

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect

from services.chart_service.app import build
from services.chart_service.settings import Settings
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.chart_service.conftest import API_TOKEN, PASSWORD, Center
from tests.integration.chart_service.serving import serving

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Screen:
    """How somebody looks at a page."""

    width: int
    scheme: Literal["light", "dark"]


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SCREENS = [Screen(width, scheme) for width in (360, 1280) for scheme in SCHEMES]


@pytest.fixture(scope="session")
async def emr(servers: Servers, events: EventLog) -> AsyncIterator[str]:
    """The address of the running service."""
    del events
    settings = Settings(
        database_url=servers.database_url("chart"),
        kafka_bootstrap_servers=servers.kafka,
        api_token=API_TOKEN,
        jwks_url="http://127.0.0.1:1/none",
        session_secret="a secret of the tests",
        emr_url="http://emr",
    )
    async with serving(build(settings)) as url:
        yield url


@pytest.fixture
async def center(emr: str) -> AsyncIterator[Center]:
    """A treatment centre with a member of staff and a chart."""
    headers = {"Authorization": f"Bearer {API_TOKEN}"}
    async with httpx.AsyncClient(base_url=emr, headers=headers, timeout=20) as api:
        opened = Center(api, f"o-{uuid4().hex[:12]}")
        await opened.opens()
        await opened.has_staff()
        await opened.has_chart(
            contacts=[
                {"id": "p-2", "given_name": "Luis", "family_name": "Lopez"}
                | {"relationship": "Guardian", "email": "luis@sunrise.example"},
                {"id": "p-3", "given_name": "Eva", "family_name": "Kern"}
                | {"relationship": "Friend", "phone": "+1 202-555-0187"},
            ],
            birth_date="1990-05-01",
        )
        yield opened


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A real browser; its absence is a failure."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        await started.close()


@pytest.fixture(params=SCREENS, ids=lambda screen: f"{screen.width}-{screen.scheme}")
async def page(
    browser: Browser, emr: str, center: Center, request: pytest.FixtureRequest
) -> AsyncIterator[Page]:
    """A browser window in which staff signed in."""
    screen: Screen = request.param
    context = await browser.new_context(
        base_url=emr,
        viewport={"width": screen.width, "height": 800},
        color_scheme=screen.scheme,
    )
    opened = await context.new_page()
    await opened.goto("/")
    await expect(opened.get_by_role("heading", level=1)).to_have_text("Sign in")
    await check(opened)
    await opened.get_by_label("E-mail address").fill(center.staff_email)
    await opened.get_by_label("Password").fill(PASSWORD)
    await opened.get_by_role("button", name="Sign in").click()
    await expect(opened.get_by_role("heading", level=1)).to_have_text("Charts")
    yield opened
    await context.close()


async def test_from_the_search_to_the_alert_on_the_facesheet(page: Page) -> None:
    await check(page)
    await page.get_by_label("Name or MRN").fill("lopez")
    await page.get_by_role("button", name="Search").click()
    assert "lopez" not in page.url.lower()
    await check(page)
    await page.get_by_role("link", name="Lopez, Ana").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ana Lopez")
    await check(page)
    await page.get_by_role("link", name="Invite to Portal Ana Lopez").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Is this e-mail correct?")
    await expect(page.get_by_text("ana@sunrise.example")).to_be_visible()
    await check(page)
    await page.get_by_role("button", name="Yes, send invitation").click()
    alert = page.get_by_role("status")
    await expect(alert).to_contain_text("Invitation requested.")
    await expect(alert).to_contain_text("Ana Lopez, patient. Since ")
    await check(page)


async def test_a_wrong_address_is_corrected_on_the_way(page: Page) -> None:
    await page.goto("/charts/c-1/people/p-2/invite")
    await page.get_by_role("link", name="No, change it").click()
    await page.get_by_label("E-mail").fill("luis@nowhere")
    await page.get_by_role("button", name="Save changes").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter an e-mail address like")
    await check(page)
    await page.get_by_label("E-mail").fill("luis.lopez@sunrise.example")
    await page.get_by_role("button", name="Save changes").click()
    await expect(page.get_by_text("luis.lopez@sunrise.example")).to_be_visible()
    await page.get_by_role("button", name="Yes, send invitation").click()
    await expect(page.get_by_role("status")).to_contain_text("Luis Lopez, guardian")


async def test_a_contact_who_is_no_guardian_cannot_be_invited_and_a_new_one_can(
    page: Page,
) -> None:
    await page.goto("/charts/c-1")
    row = page.get_by_role("row").filter(has_text="Eva Kern")
    await expect(row).to_contain_text("Only the patient, a guardian or a guarantor")
    await expect(row.get_by_role("link", name="Invite to Portal")).to_have_count(0)
    await page.get_by_role("link", name="Add a contact").click()
    await check(page)
    await page.get_by_role("button", name="Add contact").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter the first name")
    await check(page)
    await page.get_by_label("First name").fill("Rosa")
    await page.get_by_label("Last name").fill("Diaz")
    await page.get_by_label("Relationship to the patient").select_option("Guarantor")
    await page.get_by_label("E-mail").fill("rosa@sunrise.example")
    await page.get_by_role("button", name="Add contact").click()
    await expect(page.get_by_role("status")).to_contain_text("The contact is on the chart")
    await expect(page.get_by_role("link", name="Invite to Portal Rosa Diaz")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await page.goto("/charts/c-1")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


async def test_the_description_of_the_api_can_be_read_on_any_screen(page: Page) -> None:
    await page.goto("/docs")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Portico chart_service API")
    await check(page)
    await page.get_by_role("link", name="OrganizationBody").first.click()
    await expect(page.get_by_role("heading", name="OrganizationBody")).to_be_in_viewport()


async def check(page: Page) -> None:
    """Fail unless the page is accessible and fits the screen."""
    found = await Axe().run(page, options={"runOnly": STANDARDS})
    assert found.violations_count == 0, found.generate_report()
    overflow = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not await page.evaluate(overflow), f"{page.url} is wider than the screen"
