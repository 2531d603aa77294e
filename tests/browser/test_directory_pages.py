"""Staff with a browser in the Portal Directory: a row, and two hundred people at once."""

from playwright.async_api import expect

from contracts.chart import InviteRequested
from tests.browser.checks import check_on_all_screens
from tests.browser.conftest import SignIn
from tests.event_log import EventLog
from tests.integration.chart_service.conftest import Center

MANY = 200


async def test_a_person_is_invited_where_the_row_stands(center: Center, sign_in: SignIn) -> None:
    await center.has_staff()
    luis = {"id": "p-2", "given_name": "Luis", "family_name": "Lopez", "relationship": "Guardian"}
    await center.has_chart(contacts=[luis])
    page = await sign_in(center)
    await page.get_by_role("link", name="Portal Directory").click()
    row = page.get_by_role("row").filter(has_text="ana@sunrise.example")
    await expect(page.get_by_role("row").filter(has_text="Luis")).to_contain_text("No e-mail")
    await check_on_all_screens(page)
    await row.get_by_role("link", name="Invite").press("Enter")
    await expect(row.get_by_role("button", name="Yes, send")).to_be_focused()
    await check_on_all_screens(page)
    await page.keyboard.press("Enter")
    await expect(row.get_by_text("Invitation requested.")).to_be_focused()
    await expect(row).to_contain_text("Pending")
    await page.get_by_role("link", name="Pending").click()
    await expect(page.get_by_role("row")).to_have_count(2)
    await page.get_by_label("Name, MRN or e-mail").fill("lop an")
    await page.get_by_role("button", name="Search").click()
    await expect(page.get_by_role("row").filter(has_text="Lopez, Ana")).to_be_visible()
    assert "lop" not in page.url


async def test_two_hundred_are_invited_once_though_it_is_pressed_twice(
    center: Center, sign_in: SignIn, events: EventLog
) -> None:
    await center.has_staff()
    body = [
        {"id": f"c-{number}", "mrn": f"M{number}"}
        | {
            "patient": {"id": "p", "given_name": "Ana", "family_name": f"Lopez {number}"}
            | ({"email": f"ana{number}@sunrise.example"} if number < MANY else {})
        }
        for number in range(MANY + 5)
    ]
    answer = await center.api.post(f"{center.path}/charts", json=body)
    assert answer.status_code == 200, answer.text
    page = await sign_in(center)
    await page.goto("/directory")
    await page.get_by_role("button", name=f"Invite all {MANY + 5} of this list").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"Invite {MANY} people?")
    await check_on_all_screens(page)
    other = await page.context.new_page()
    await other.goto(page.url)
    await page.get_by_role("button", name=f"Yes, send {MANY} invitations").click()
    await other.get_by_role("button", name=f"Yes, send {MANY} invitations").click()
    await expect(page.get_by_role("progressbar")).to_be_visible()
    await expect(page.get_by_text(f"{MANY} invitations are requested")).to_be_visible(
        timeout=60_000
    )
    await expect(page.get_by_text(f"{MANY + 5} of {MANY + 5} done")).to_be_visible()
    await check_on_all_screens(page)
    await center.api.post(f"{center.path}/charts/c-0/people/p/invitations")
    found = await events.wait_for(
        InviteRequested, lambda e: e.data.invitee.organization == center.id, count=MANY + 1
    )
    assert len({event.data.invitee.chart for event in found}) == MANY
