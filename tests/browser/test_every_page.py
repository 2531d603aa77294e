"""Every page of the staff's that links lead to can be used by everybody, on any screen."""

import re
from urllib.parse import urlsplit

from playwright.async_api import Page, expect

from contracts.envelope import Invitee
from tests.browser.checks import check_on_all_screens
from tests.browser.conftest import SignIn
from tests.browser.test_facesheet_records import RECORDS
from tests.event_log import EventLog
from tests.integration.chart_service.conftest import Center
from tests.integration.chart_service.news import Invitation

_NO_PAGE = re.compile(r"/(docs|openapi\.json|logo|audit-log\.csv)$|/file$")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
_CHECKED_ELSEWHERE = {"/settings/branding", "/settings/mail", "/accounts"}
"""They show what a neighbour tells; here are no neighbours, and the tests with them look."""


def shape(href: str) -> str:
    """Return what makes addresses show the same page, whoever it is about."""
    parts = urlsplit(href)
    return re.sub(r"/p-\d", "/p", _ID.sub("id", parts.path))


async def links_on(page: Page) -> list[str]:
    """Return where a page leads to within the site."""
    found = await page.eval_on_selector_all(
        "a[href]",
        "links => links.map(link => new URL(link.href)).filter("
        "url => url.origin === location.origin).map(url => url.pathname + url.search)",
    )
    return [href for href in found if not _NO_PAGE.search(urlsplit(href).path)]


async def fill(center: Center, events: EventLog) -> None:
    """Give the centre something of everything, so that every link is there."""
    await center.has_staff("admin")
    await center.opens(messages_enabled=True)
    eva = {"id": "p-2", "given_name": "Eva", "family_name": "Lopez", "relationship": "Guarantor"}
    await center.has_chart(contacts=[eva | {"email": "eva@sunrise.example"}])
    await center.api.post(f"{center.path}/charts/c-1/records", json=RECORDS)
    await center.api.post(f"{center.path}/webhooks", json={"url": "https://emr.example/hook"})
    await center.api.put(f"{center.path}/locations/harbor", json={"name": "Harbor House"})
    await center.api.put(f"{center.path}/policies/terms", json={"text": "Be kind."})
    invitation = Invitation(Invitee(organization=center.id, chart="c-1", person="p-1"))
    await events.publish(invitation.requested, invitation.issued, invitation.sent)


async def test_whoever_follows_the_links_meets_no_barrier(
    center: Center, sign_in: SignIn, events: EventLog
) -> None:
    await fill(center, events)
    page = await sign_in(center)
    await page.goto("/charts/c-1")
    await expect(page.get_by_text("Invitation mailed: Ana Lopez")).to_be_visible()
    seen = set(_CHECKED_ELSEWHERE)
    ahead = ["/"]
    while ahead:
        href = ahead.pop()
        if shape(href) in seen:
            continue
        seen.add(shape(href))
        answer = await page.goto(href)
        assert answer is not None and answer.ok, href
        await expect(page.get_by_role("heading", level=1)).to_have_count(1)
        await check_on_all_screens(page)
        ahead += await links_on(page)
    assert len(seen) > 45, sorted(seen)
