"""A browser, the EMR's pages, and staff who signed in to them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from services.chart_service.app import build
from tests.browser.checks import open_browser
from tests.chart_settings import API_TOKEN, chart_settings
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.chart_service.conftest import PASSWORD, Center
from tests.integration.chart_service.serving import address_of, listen, serving
from tests.integration.portal_access.stack import Stack, running

SignIn = Callable[[Center], Awaitable[Page]]


@pytest.fixture(scope="package")
async def browser() -> AsyncIterator[Browser]:
    """A real browser; its absence is a failure."""
    async with open_browser() as started:
        yield started


@pytest.fixture(scope="package")
async def emr(servers: Servers, events: EventLog) -> AsyncIterator[str]:
    """The address of a chart_service without its neighbours."""
    del events
    port = listen()
    app = build(chart_settings(servers, emr_url=address_of(port)))
    async with serving(app, port) as url:
        yield url


@pytest.fixture
async def center(emr: str) -> AsyncIterator[Center]:
    """A treatment centre with its portal on, and neither staff nor charts."""
    headers = {"Authorization": f"Bearer {API_TOKEN}"}
    async with httpx.AsyncClient(base_url=emr, headers=headers, timeout=20) as api:
        opened = Center(api, f"o-{uuid4().hex[:12]}")
        await opened.opens()
        yield opened


@pytest.fixture
async def sign_in(browser: Browser, emr: str) -> AsyncIterator[SignIn]:
    """Give what signs a centre's member of staff in, in a window of their own."""
    contexts = []

    async def signed_in(center: Center) -> Page:
        context = await browser.new_context(base_url=emr, viewport={"width": 1280, "height": 800})
        contexts.append(context)
        page = await context.new_page()
        await page.goto("/")
        await page.get_by_label("E-mail address").fill(center.staff_email)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in", exact=True).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Charts")
        return page

    yield signed_in
    for context in contexts:
        await context.close()


@pytest.fixture(scope="package")
async def stack(servers: Servers, events: EventLog) -> AsyncIterator[Stack]:
    """Chart, invitation and portal services among each other."""
    async with running(servers, events) as started:
        yield started
