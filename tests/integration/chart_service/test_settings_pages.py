"""Administrators change settings by the pages; nobody else does, and no setting is lost by it."""

import asyncio
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from contracts.chart import LocationChanged, OrganizationChanged, PersonChanged, PolicyPublished
from services.chart_service.throttle import MOST_TEST_MAILS
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.chart_service.conftest import Center
from tests.integration.chart_service.pages import signed_in, token_in

PAGES = (
    "/settings",
    "/settings/portal-off",
    "/settings/branding",
    "/settings/locations",
    "/settings/locations/new",
    "/settings/sections",
    "/settings/policies",
    "/settings/policies/terms/new",
    "/settings/mail",
    "/settings/mail/part",
    "/settings/mail/frame",
)
TOO_MANY = "You sent yourself several test mails just now. Wait 15 minutes"
PORTAL = {"invitation_days": "14", "reminder_days": "3", "age_of_majority": "16"}


@pytest.fixture
async def admin(browser: httpx.AsyncClient, center: Center) -> httpx.AsyncClient:
    """A browser in which an administrator signed in."""
    await signed_in(browser, center, role="admin")
    return browser


async def send(
    admin: httpx.AsyncClient, path: str, page: str = "/settings", **fields: str
) -> httpx.Response:
    """Send a form of a page, and follow it to what is said."""
    form = {"csrf_token": await token_in(admin, page), **fields}
    answer = await admin.post(path, data=form, follow_redirects=True)
    assert answer.status_code in {200, 422}, answer.text
    return answer


async def upload(admin: httpx.AsyncClient, path: str, content: bytes, **fields: str) -> str:
    form = {"csrf_token": await token_in(admin, "/settings/branding"), **fields}
    files = {"logo": ("logo.png", content, "image/png")}
    return (await admin.post(path, data=form, files=files, follow_redirects=True)).text


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (1200, 300), "teal").save(out, "PNG")
    return out.getvalue()


async def organization(center: Center) -> dict[str, Any]:
    found: dict[str, Any] = (await center.api.get(center.path)).json()
    return found


async def test_staff_who_administer_nothing_see_and_change_no_settings(
    browser: httpx.AsyncClient, center: Center
) -> None:
    await signed_in(browser, center)
    for path in PAGES:
        answer = await browser.get(path)
        assert answer.status_code == 403, path
        assert "portal administrators" in answer.text
    form = {"csrf_token": await token_in(browser, "/"), "name": "Mine", "phone": "1"}
    assert (await browser.post("/settings/branding", data=form)).status_code == 403
    assert (await browser.post("/settings/portal-off", data=form)).status_code == 403
    found = await organization(center)
    assert (found["name"], found["portal_enabled"]) == ("Sunrise", True)


async def test_the_portals_settings_are_saved_and_what_changed_is_said(
    admin: httpx.AsyncClient, center: Center, events: EventLog
) -> None:
    page = await send(admin, "/settings", **PORTAL, death_ends_access="yes")
    assert "Saved: the age of majority, an invitation&#39;s life, the reminder" in page.text
    zone = {"time_zone": "America/New_York"}
    moved = await send(admin, "/settings", **PORTAL, **zone, death_ends_access="yes")
    assert "Saved: the time zone" in moved.text
    again = await send(admin, "/settings", **PORTAL, death_ends_access="yes")
    assert "Nothing was different" in again.text
    off = await send(admin, "/settings/portal-off")
    assert "Nothing is lost" in off.text
    news = await events.wait_for(
        OrganizationChanged, lambda e: e.data.organization == center.id, count=5
    )
    newest = news[-1].data
    assert (newest.invitation_days, newest.reminder_days, newest.age_of_majority) == (14, 3, 16)
    assert (newest.portal_enabled, newest.name) == (False, "Sunrise")
    await send(admin, "/settings/portal-on")
    assert (await organization(center))["portal_enabled"] is True


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("invitation_days", "61", "Enter a number of days from 1 to 60"),
        ("invitation_days", "", "Enter a number of days from 1 to 60"),
        ("reminder_days", "14", "Enter fewer days than the 14"),
        ("time_zone", "Mars/Olympus", "Choose the time zone"),
        ("age_of_majority", "11", "Enter an age from 12 to 30"),
        ("age_of_majority", "\uff19\uff19", "Enter an age from 12 to 30"),
    ],
)
async def test_a_wrong_number_is_said_and_changes_nothing(
    admin: httpx.AsyncClient, center: Center, field: str, value: str, sentence: str
) -> None:
    page = await send(admin, "/settings", **PORTAL | {field: value})
    assert page.status_code == 422
    assert page.text.count(sentence) == 2  # in the summary, and at its field
    assert (await organization(center))["invitation_days"] == 7


async def test_two_administrators_on_two_pages_undo_nothing_of_each_other(
    admin: httpx.AsyncClient, center: Center
) -> None:
    await asyncio.gather(
        send(admin, "/settings", **PORTAL),
        send(admin, "/settings/branding", name="Sunset", phone="+1 202-555-0199"),
        send(admin, "/settings/sections", section_files="yes", messages_enabled="yes"),
        upload(admin, "/settings/branding/logo", picture()),
    )
    found = await organization(center)
    assert (found["name"], found["invitation_days"], found["messages_enabled"]) == (
        "Sunset",
        14,
        True,
    )
    assert "files" not in found["sections_off"]
    assert len(found["sections_off"]) == 5
    assert found["logo"]["media_type"] == "image/png"


async def test_a_logo_is_made_to_fit_and_can_be_removed(
    admin: httpx.AsyncClient, center: Center
) -> None:
    assert "cannot be read as a picture" in await upload(
        admin, "/settings/branding/logo", b"\x89PNG and nothing else"
    )
    assert "Choose a picture file first" in await upload(admin, "/settings/branding/logo", b"")
    assert "Saved: the logo" in await upload(admin, "/settings/branding/logo", picture())
    shown = Image.open(BytesIO((await admin.get("/logo")).content))
    assert shown.size == (480, 120)
    await send(admin, "/settings/branding/no-logo")
    assert (await organization(center))["logo"] is None


async def test_a_location_has_what_is_its_own_and_its_charts_follow(
    admin: httpx.AsyncClient, center: Center, events: EventLog
) -> None:
    page = await send(admin, "/settings/locations/new", name="", phone="1")
    assert "Enter the name" in page.text
    await upload(admin, "/settings/locations/new", picture(), name="Harbor House")
    (place,) = (await center.api.get(f"{center.path}/locations")).json()
    assert (place["name"], place["phone"]) == ("Harbor House", None)
    await center.has_chart()
    chosen = await send(admin, "/charts/c-1/location", "/charts/c-1/location", location=place["id"])
    assert "Harbor House" in chosen.text
    wrong = await send(admin, "/charts/c-1/location", "/charts/c-1/location", location="x")
    assert wrong.status_code == 422
    people = await events.wait_for(
        PersonChanged, lambda e: e.data.invitee.organization == center.id, count=2
    )
    assert [e.data.location for e in people] == [None, place["id"]]
    await send(admin, f"/settings/locations/{place['id']}", name="Harbor", remove_logo="yes")
    ended = await send(admin, f"/settings/locations/{place['id']}/end")
    assert "Ended" in ended.text
    news = await events.wait_for(
        LocationChanged, lambda e: e.data.organization == center.id, count=3
    )
    assert [(e.data.name, e.data.logo is None, e.data.removed) for e in news] == [
        ("Harbor House", False, False),
        ("Harbor", True, False),
        ("Harbor", True, True),
    ]


async def test_a_published_text_stays_readable_with_who_and_when(
    admin: httpx.AsyncClient, center: Center, events: EventLog
) -> None:
    path = "/settings/policies/terms/new"
    assert "Enter the text" in (await send(admin, path)).text
    page = await send(admin, path, text="Be kind.\r\n\r\nBe honest.")
    assert "Terms of service published" in page.text
    assert "Kim Park" in page.text
    assert "published already" in (await send(admin, path, text="Be kind.\n\nBe honest.")).text
    await send(admin, path, text="<b>Be kind, please.</b>")
    assert "Be honest." in (await admin.get("/settings/policies/terms/1")).text
    assert "&lt;b&gt;Be kind" in (await admin.get("/settings/policies/terms/2")).text
    assert (await admin.get("/settings/policies/terms/3")).status_code == 404
    news = await events.wait_for(
        PolicyPublished, lambda e: e.data.organization == center.id, count=2
    )
    assert [(e.data.version, e.data.text) for e in news] == [
        (1, "Be kind.\n\nBe honest."),
        (2, "<b>Be kind, please.</b>"),
    ]


async def test_while_the_mail_service_is_away_the_rest_of_the_page_works(
    admin: httpx.AsyncClient,
) -> None:
    page = await admin.get("/settings/branding")
    assert "The mail cannot be shown just now" in page.text
    saved = await send(admin, "/settings/branding", name="Sunset", phone="2")
    assert "Saved: the name, the phone number" in saved.text
    tried = await send(admin, "/settings/mail", do="test")
    assert "The test mail was not sent" in tried.text
    assert (await admin.get("/settings/mail/frame")).status_code == 503


async def test_an_administrator_sends_themselves_a_few_test_mails_and_no_more(
    admin: httpx.AsyncClient, center: Center
) -> None:
    for _ in range(MOST_TEST_MAILS):
        assert TOO_MANY not in (await send(admin, "/settings/mail", do="test")).text
    refused = await send(admin, "/settings/mail", do="test", kind="reminder", language="es")
    assert refused.status_code == 422
    assert TOO_MANY in refused.text
    other = Center(center.api, f"{center.id}-2")
    await other.opens()
    await signed_in(admin, other, role="admin")
    assert TOO_MANY not in (await send(admin, "/settings/mail", do="test")).text


async def test_each_change_is_in_the_audit_log_by_its_fields_and_no_values(
    admin: httpx.AsyncClient, center: Center, servers: Servers
) -> None:
    await send(admin, "/settings/branding", name="Sunset", phone="+1 202-555-0143")
    engine = create_async_engine(servers.database_url("chart"))
    query = """
        SELECT actor, detail FROM audit_log
        WHERE organization_id = :id AND action = 'organization_changed' ORDER BY id DESC LIMIT 1
    """
    async with engine.connect() as connection:
        actor, detail = (await connection.execute(text(query), {"id": center.id})).one()
    await engine.dispose()
    assert actor.startswith("staff:")
    assert detail == {"fields": ["name"]}
