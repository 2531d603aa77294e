"""A real browser for the tests of pages, and what every page must stand up to."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.async_api import Browser, Page, async_playwright, expect

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
BY_COLOUR = ["color-contrast"]
"""The only rules whose answer depends on the colour scheme."""

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDTHS = (360, 1280)
PATIENCE_MS = 15_000
"""For so long something is waited for that no test wants sooner."""
Scheme = Literal["light", "dark"]


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Start Chromium; its absence is a failure."""
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        await started.close()


async def check(page: Page) -> None:
    """Find no barrier by axe-core on the page as it is, and nothing to scroll sideways for."""
    await _check_rules(page, STANDARDS)
    assert await page.evaluate(OVERFLOW) == 0


async def check_on_all_screens(page: Page) -> None:
    """Check the page narrow and wide, light and dark."""
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 800})
        await _show_in(page, "light")
        await check(page)
        await _show_in(page, "dark")
        await _check_rules(page, BY_COLOUR)


async def _show_in(page: Page, scheme: Scheme) -> None:
    # Without motion, for a colour halfway between two schemes is neither's.
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")


async def _check_rules(page: Page, rules: Sequence[str]) -> None:
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"runOnly": rules, "resultTypes": ["violations"]}
    found = AxeResults(await page.evaluate("options => axe.run(options)", options))
    assert not found.violations_count, found.generate_report()
