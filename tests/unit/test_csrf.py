"""A form is taken from our own page alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse

from chassis.web import csrf
from chassis.web.app import create_app
from chassis.web.csrf import CookieSettings

HOST = "http://portal.example"
COOKIE = "a_service_csrf"
OURS = CookieSettings(secret="of the service")


def form_app(folder: Path, cookies: CookieSettings = OURS) -> FastAPI:
    (folder / "form.html").write_text("{{ csrf_token }}")
    app = create_app("a_service", folder, {}, {}, [], cookies)

    @app.get("/form")
    async def form(request: Request) -> HTMLResponse:
        page: HTMLResponse = request.app.state.pages.render(request, "form.html")
        return page

    @app.post("/form", dependencies=[Depends(csrf.protect)])
    async def take() -> str:
        return "taken"

    return app


def browser(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOST)


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(form_app(tmp_path)) as client:
        yield client


async def token_of(visitor: httpx.AsyncClient) -> str:
    return (await visitor.get("/form")).text


async def send(visitor: httpx.AsyncClient, token: str | None, **headers: str) -> int:
    data = {} if token is None else {csrf.FIELD: token}
    return (await visitor.post("/form", data=data, headers=headers)).status_code


async def test_our_own_form_is_taken_any_number_of_times(visitor: httpx.AsyncClient) -> None:
    token = await token_of(visitor)
    assert [await send(visitor, token) for _ in range(2)] == [200, 200]


async def test_two_open_pages_of_a_visitor_both_work(visitor: httpx.AsyncClient) -> None:
    first, second = await token_of(visitor), await token_of(visitor)
    assert [await send(visitor, token) for token in (first, second)] == [200, 200]


async def test_without_a_visit_before_nothing_is_taken(visitor: httpx.AsyncClient) -> None:
    assert await send(visitor, "0" * 64) == 403


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é", "🌻", "x" * 10_000])
async def test_a_form_with_a_wrong_token_is_refused(
    visitor: httpx.AsyncClient, token: str | None
) -> None:
    await visitor.get("/form")
    assert await send(visitor, token) == 403


async def test_a_token_of_somebody_else_is_refused(tmp_path: Path) -> None:
    app = form_app(tmp_path)
    async with browser(app) as visitor, browser(app) as attacker:
        await visitor.get("/form")
        assert await send(visitor, await token_of(attacker)) == 403


async def test_a_cookie_that_somebody_planted_needs_the_services_secret(tmp_path: Path) -> None:
    async with browser(form_app(tmp_path, CookieSettings(secret="another"))) as attacker:
        token = await token_of(attacker)
        planted = attacker.cookies[COOKIE]
    async with browser(form_app(tmp_path)) as visitor:
        visitor.cookies.set(COOKIE, planted)
        assert await send(visitor, token) == 403


@pytest.mark.parametrize(
    ("site", "status"),
    [("same-origin", 200), ("none", 200), ("same-site", 403), ("cross-site", 403)],
)
async def test_what_the_browser_says_of_where_it_comes_from_counts(
    visitor: httpx.AsyncClient, site: str, status: int
) -> None:
    token = await token_of(visitor)
    assert await send(visitor, token, **{"Sec-Fetch-Site": site}) == status


async def test_a_file_in_the_tokens_place_is_refused(visitor: httpx.AsyncClient) -> None:
    token = await token_of(visitor)
    answer = await visitor.post("/form", files={csrf.FIELD: ("token", token.encode())})
    assert answer.status_code == 403


async def test_a_form_that_is_none_is_refused(visitor: httpx.AsyncClient) -> None:
    await visitor.get("/form")
    answer = await visitor.post("/form", json={csrf.FIELD: "x"})
    assert answer.status_code == 403


@pytest.mark.parametrize("secure", [True, False])
async def test_no_script_and_no_other_site_gets_at_the_cookie(tmp_path: Path, secure: bool) -> None:
    async with browser(form_app(tmp_path, CookieSettings(secure=secure))) as visitor:
        cookie = (await visitor.get("/form")).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert ("secure" in cookie) is secure


async def test_the_page_does_not_show_what_the_cookie_holds(visitor: httpx.AsyncClient) -> None:
    page = await token_of(visitor)
    assert visitor.cookies[COOKIE] not in page
