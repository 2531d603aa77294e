"""The console's plots over the last hour: there without scripts, and looked at moment by moment."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from services.ops_console import hour
from tests.browser.checks import check_on_all_screens
from tests.browser.ops_console import watching, window
from tests.integration.portal_access.stack import Center, Stack

TWO_POINTS_MS = 10_000
LAG_TABLE = "As a table: Lag: events that wait"
LAG = re.compile(r"Lag: events that wait, portal_access: \d+ now")


@pytest.fixture(scope="module")
async def console(stack: Stack) -> AsyncIterator[str]:
    """The address of a console that watches the stack, and has a point in two seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hour, "STEP", timedelta(seconds=2))
        async with watching(stack) as url:
            yield url


async def test_plots_come_by_themselves_and_tell_each_moment(
    stack: Stack, browser: Browser, console: str
) -> None:
    await Center(stack).opens()
    async with window(browser, console, "/plots") as page:
        await _look_around(page)


async def _look_around(page: Page) -> None:
    lag = page.get_by_role("img", name=LAG)
    await expect(lag).to_be_visible(timeout=TWO_POINTS_MS)
    slider, moment = page.get_by_label("Look at a moment"), page.locator("output")
    newest = await moment.inner_text()
    await slider.press("ArrowLeft")
    await expect(moment).not_to_have_text(newest)
    await expect(slider).to_have_attribute("aria-valuetext", f"{await moment.inner_text()} UTC")
    await lag.hover(position={"x": 2, "y": 20})
    await expect(slider).to_have_value("0")
    details = page.locator("details").filter(has_text=LAG_TABLE)
    await details.locator("summary").press("Enter")
    table = details.get_by_role("table")
    times = page.locator("#plots")
    before = await times.get_attribute("data-times")
    assert before is not None
    await expect(times).not_to_have_attribute("data-times", before, timeout=TWO_POINTS_MS)
    await expect(table).to_be_visible()
    await check_on_all_screens(page)


async def test_plots_say_the_same_without_scripts(browser: Browser, console: str) -> None:
    async with window(browser, console, "/plots", scripts=False) as page:
        await expect(page.get_by_role("img", name=LAG)).to_be_visible()
        await expect(page.get_by_label("Look at a moment")).to_be_hidden()
        await page.get_by_text(LAG_TABLE).click()
        await expect(page.get_by_role("table", name="Lag: events that wait")).to_be_visible()
