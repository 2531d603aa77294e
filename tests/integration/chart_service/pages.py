"""Using the pages without a browser."""

import re

import httpx

from tests.integration.chart_service.conftest import PASSWORD, Center


async def token_in(browser: httpx.AsyncClient, path: str) -> str:
    """Return the token of a page's forms."""
    found = re.search(r'name="csrf_token" value="(\w+)"', (await browser.get(path)).text)
    assert found, path
    return found[1]


async def signed_in(browser: httpx.AsyncClient, center: Center, role: str = "staff") -> None:
    """Sign in as the treatment centre's member of staff, or portal "admin"."""
    await center.has_staff(role)
    form = {"email": center.staff_email, "password": PASSWORD}
    form["csrf_token"] = await token_in(browser, "/sign-in")
    answer = await browser.post("/sign-in", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/"), answer.text


async def sent(browser: httpx.AsyncClient, page: str, action: str, **fields: str) -> httpx.Response:
    """Send a form of a page."""
    return await browser.post(action, data=fields | {"csrf_token": await token_in(browser, page)})
