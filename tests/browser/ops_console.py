"""A console that watches a stack, and somebody who signed in to it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page

from chassis.security.passwords import hash_now
from services.ops_console.app import build
from services.ops_console.settings import Settings
from tests.integration.chart_service.serving import serving
from tests.integration.portal_access.stack import Stack

TRACING_UI = "https://jaeger.example/trace/"
OPS, PASSWORD = "ops", "green hills of spring"


@asynccontextmanager
async def watching(stack: Stack, more: Mapping[str, str] = {}) -> AsyncIterator[str]:
    """Run a console that watches portal_access and more services; give its address."""
    settings = Settings(
        kafka_bootstrap_servers=stack.servers.kafka,
        ops_users={OPS: hash_now(PASSWORD)},
        ops_secret="a secret of the console's tests",
        ops_url="http://127.0.0.1",
        ops_services={"portal_access": stack.portal_url, **more},
        ops_trace_url=f"{TRACING_UI}{{trace_id}}",
        ops_signing_key=stack.ops_key,
        emr_url=stack.chart_url,
    )
    async with serving(build(settings)) as url:
        yield url


@asynccontextmanager
async def window(
    browser: Browser, console: str, path: str = "/", *, scripts: bool = True
) -> AsyncIterator[Page]:
    """Open a window of somebody who signed in to the console, at a page of it."""
    context = await browser.new_context(base_url=console, java_script_enabled=scripts)
    page = await context.new_page()
    await page.goto("/")
    await sign_in(page)
    await page.goto(path)
    yield page
    await context.close()


async def sign_in(page: Page, password: str = PASSWORD) -> None:
    """Fill in the form that a page of the console led to."""
    await page.get_by_label("User name").fill(OPS)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()
