"""Staff with a browser: sign in, find a chart, correct the e-mail, invite."""

from datetime import UTC, datetime

import pytest
from playwright.async_api import Page, expect

from tests.browser.checks import check_on_all_screens
from tests.browser.conftest import SignIn
from tests.integration.chart_service.conftest import Center


@pytest.fixture
async def page(center: Center, sign_in: SignIn) -> Page:
    """A browser window in which staff signed in, whose centre has a chart."""
    await center.has_staff()
    await center.has_chart(
        contacts=[
            {"id": "p-2", "given_name": "Luis", "family_name": "Lopez"}
            | {"relationship": "Guardian", "email": "luis@sunrise.example"},
            {"id": "p-3", "given_name": "Eva", "family_name": "Kern"}
            | {"relationship": "Friend", "phone": "+1 202-555-0187"},
        ],
        birth_date=f"{datetime.now(UTC).year - 9}-05-01",
    )
    return await sign_in(center)


async def test_from_the_search_to_the_alert_on_the_facesheet(page: Page) -> None:
    await check_on_all_screens(page)
    await page.get_by_label("Name, MRN or e-mail").fill("lopez")
    await page.get_by_role("button", name="Search").click()
    assert "lopez" not in page.url.lower()
    await check_on_all_screens(page)
    await page.get_by_role("link", name="Lopez, Ana").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ana Lopez")
    await check_on_all_screens(page)
    await page.get_by_role("link", name="Invite to Portal Ana Lopez").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Is this e-mail correct?")
    await expect(page.get_by_text("ana@sunrise.example")).to_be_visible()
    await check_on_all_screens(page)
    await page.get_by_role("button", name="Yes, send invitation").click()
    alert = page.get_by_role("region", name="Invitations")
    await expect(alert).to_contain_text("Invitation requested: Ana Lopez, patient")
    await expect(alert).to_contain_text("Pending since ")
    await check_on_all_screens(page)


async def test_a_wrong_address_is_corrected_on_the_way(page: Page) -> None:
    await page.goto("/charts/c-1/people/p-2/invite")
    await page.get_by_role("link", name="No, change it").click()
    await page.get_by_label("E-mail").fill("luis@nowhere")
    await page.get_by_role("button", name="Save changes").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter an e-mail address like")
    await check_on_all_screens(page)
    await page.get_by_label("E-mail").fill("luis.lopez@sunrise.example")
    await page.get_by_role("button", name="Save changes").click()
    await expect(page.get_by_text("luis.lopez@sunrise.example")).to_be_visible()
    await page.get_by_role("button", name="Yes, send invitation").click()
    alert = page.get_by_role("region", name="Invitations")
    await expect(alert).to_contain_text("Luis Lopez, guardian")


async def test_a_contact_who_is_no_guardian_cannot_be_invited_and_a_new_one_can(
    page: Page,
) -> None:
    await page.goto("/charts/c-1")
    row = page.get_by_role("row").filter(has_text="Eva Kern")
    await expect(row).to_contain_text("Only the patient, a guardian or a guarantor")
    await expect(row.get_by_role("link", name="Invite to Portal")).to_have_count(0)
    await page.get_by_role("link", name="Add a contact").click()
    await check_on_all_screens(page)
    await page.get_by_role("button", name="Add contact").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter the first name")
    await check_on_all_screens(page)
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
    await page.get_by_role("link", name="Organisations").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Organisations")
    await check_on_all_screens(page)
    await page.get_by_role("link", name="OrganizationBody").first.click()
    await expect(page.get_by_role("heading", name="OrganizationBody")).to_be_in_viewport()
