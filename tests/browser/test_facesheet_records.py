"""Staff with a browser go through all that a chart holds."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import expect

from tests.browser.checks import check_on_all_screens
from tests.browser.conftest import SignIn
from tests.integration.chart_service.conftest import Center

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
TEXT = b64encode(b"I agree to be treated here.\nAna Lopez").decode()
RECORDS: dict[str, list[dict[str, Any]]] = {
    "episodes": [
        {"id": "e-1", "program": "Residential", "provider": "Dr. Ida Chen"}
        | {"admitted_on": "2026-03-02"},
        {"id": "e-2", "program": "Detox", "discharged_on": "2025-01-20"},
    ],
    "appointments": [
        {"id": "a-1", "title": "Family session", "starts_at": SOON.isoformat(), "is_group": True}
        | {"provider": "Dr. Ida Chen", "telehealth_url": "https://video.example/r/1"},
        {"id": "a-2", "title": "Intake", "starts_at": "2026-03-02T09:00:00Z", "place": "Room 4"}
        | {"ends_at": "2026-03-02T09:45:00Z", "cancelled": True},
    ],
    "documents": [
        {"id": "d-1", "kind": "consent", "title": "Consent to treatment", "content": TEXT}
        | {"author": "Dr. Ida Chen", "written_on": "2026-03-02", "shared_with": ["patient"]},
    ],
    "outcomes": [
        {"id": f"o-{n}", "measure": "PHQ-9", "score": score, "taken_at": f"2026-0{n}-02T10:00:00Z"}
        for n, score in ((3, 18), (4, 13), (5, 9.5))
    ],
    "treatment_plans": [
        {"id": "t-1", "title": "First weeks", "status": "active", "starts_on": "2026-03-02"}
        | {"goals": ["Sleep through the night", "Attend two group sessions a week"]},
    ],
    "medications": [
        {"id": "m-1", "name": "Sertraline", "dosage": "50 mg daily", "prescriber": "Dr. Ida Chen"}
        | {"pharmacy": "Harbor Pharmacy", "started_on": "2026-03-02"},
        {"id": "m-2", "name": "Lorazepam", "is_active": False},
    ],
}


async def fill(center: Center) -> None:
    """Give the centre a chart that holds something of everything."""
    await center.has_staff()
    await center.has_chart(birth_date="1990-05-01", preferred_name="Annie")
    path = f"{center.path}/charts/c-1/records"
    answer = await center.api.post(path, json=RECORDS)
    assert answer.status_code == 200, answer.text


async def test_through_all_that_a_chart_holds(
    center: Center, sign_in: SignIn, tmp_path: Path
) -> None:
    await fill(center)
    page = await sign_in(center)
    await page.goto("/charts/c-1")
    await expect(page.get_by_text("Residential since 2 March 2026")).to_be_visible()

    await page.get_by_role("link", name="Care").click()
    await expect(page.get_by_role("link", name="Join by video Family session")).to_be_visible()

    await page.get_by_role("link", name="Documents").click()
    sharing = page.get_by_role("group", name="Share Consent to treatment with")
    await expect(sharing.get_by_label("Patient")).to_be_checked()
    await sharing.get_by_label("Guardians").check()
    await sharing.get_by_role("button").click()
    said = page.get_by_role("status").filter(has_text="Saved.")
    await expect(said).to_have_text("Saved. Shared with patient and guardians.")
    await expect(page.get_by_role("img", name="PHQ-9 From 18 on 2 March 2026")).to_be_visible()
    await page.get_by_role("link", name="Consent to treatment").click()
    await expect(page.get_by_text("I agree to be treated here.")).to_be_visible()
    await expect(page.get_by_text("patient and guardians", exact=True)).to_be_visible()

    await page.get_by_role("link", name="Documents").click()
    await page.get_by_role("link", name="Add a document").click()
    await page.get_by_role("button", name="Add document").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter the title")
    await check_on_all_screens(page)

    await page.goto("/charts/c-1/treatment-plans")
    await expect(page.get_by_text("Sleep through the night")).to_be_visible()
    await page.get_by_role("link", name="Medications").click()
    await expect(page.get_by_text("Harbor Pharmacy")).to_be_visible()

    await page.get_by_role("link", name="Attachments").click()
    card, page_of_text = tmp_path / "card.png", tmp_path / "notes.png"
    Image.new("RGB", (60, 40), "navy").save(card)
    page_of_text.write_text("no picture")
    await page.get_by_label("What it is").select_option("Insurance card")
    await page.get_by_label("File", exact=True).set_input_files(page_of_text)
    await page.get_by_role("button", name="Add attachment").click()
    await expect(page.get_by_role("alert")).to_contain_text("PDF, PNG or JPEG")
    await page.get_by_label("File", exact=True).set_input_files(card)
    await page.get_by_role("button", name="Add attachment").click()
    await expect(page.get_by_role("row").filter(has_text="card.png")).to_contain_text("Kim Park")
    async with page.expect_download() as download:
        await page.get_by_role("link", name="card.png").click()
    with Image.open(await (await download.value).path()) as image:
        assert image.size == (60, 40)
