"""A real browser for the tests of pages, and what every page must stand up to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import product
from typing import Literal

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright

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
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDTHS = (360, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Start Chromium; its absence is a failure."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        await started.close()


async def check(page: Page) -> None:
    """Find no barrier by axe-core on the page as it is, and nothing to scroll sideways for."""
    found = await Axe().run(page, options={"runOnly": STANDARDS})
    assert not found.violations_count, found.generate_report()
    assert await page.evaluate(OVERFLOW) == 0


async def check_on_all_screens(page: Page) -> None:
    """Check the page narrow and wide, light and dark."""
    for width, scheme in product(WIDTHS, SCHEMES):
        await page.set_viewport_size({"width": width, "height": 800})
        # Without motion, for a colour halfway between two schemes is neither's.
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await check(page)
