"""Every page of a chart in the portal can be used by everybody, on any screen."""

import re
from urllib.parse import urlsplit

from playwright.async_api import Browser, expect

from tests.browser.checks import check_on_all_screens
from tests.browser.test_every_page import links_on
from tests.integration.portal_access.filled_chart import PATIENT, records
from tests.integration.portal_access.stack import PASSWORD, Center, Stack

ADDRESS = "kim@family.example"
_NO_PAGE = re.compile(r"\.ics$|/photo$|/download$")


async def test_whoever_follows_the_links_of_a_chart_meets_no_barrier(
    browser: Browser, stack: Stack
) -> None:
    center = Center(stack)
    await center.opens(messages_enabled=True)
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS, "Kim", **PATIENT))
    await center.call("POST", "/charts/c-1/records", records())
    context = await browser.new_context(base_url=stack.portal_url)
    page = await context.new_page()
    await page.goto(f"/accept#{token}")
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_label("Choose a password").fill(PASSWORD)
    await page.get_by_label("I agree to the terms").check()
    await page.get_by_role("button", name="Create account").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Markerpreferred")
    seen: set[str] = set()
    ahead = ["/"]
    while ahead:
        path = urlsplit(ahead.pop()).path
        if path in seen or _NO_PAGE.search(path):
            continue
        seen.add(path)
        answer = await page.goto(path)
        assert answer is not None and answer.ok, path
        await expect(page.get_by_role("heading", level=1)).to_have_count(1)
        await check_on_all_screens(page)
        ahead += await links_on(page)
    await context.close()
    assert len(seen) > 5
