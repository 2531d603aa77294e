"""No way in is open by accident: API, pages and forms."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from services.chart_service.throttle import MOST_PER_EMAIL
from tests.integration.chart_service.conftest import PASSWORD, Center
from tests.integration.chart_service.pages import signed_in, token_in

OPEN = {
    "/.well-known/jwks.json",
    "/.well-known/oauth-authorization-server",
    "/health/live",
    "/health/ready",
    "/metrics",
    "/docs",
    "/docs/x",
    "/openapi.json",
    "/set-password",
    "/sign-in",
}


def ways_in(service: FastAPI) -> Iterator[tuple[str, str]]:
    """Yield method and path of all that the service answers to."""
    for route in iter_route_contexts(service.routes):
        path = re.sub(r"{\w+}", "x", route.path or "")
        for method in sorted(route.methods or ()):
            yield method, path


async def test_nothing_of_the_api_works_without_its_token(
    service: FastAPI, stranger: httpx.AsyncClient
) -> None:
    found = [way for way in ways_in(service) if way[1].startswith("/api/")]
    assert len(found) >= 12
    for method, path in found:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eA=="}):
            answer = await stranger.request(method, path, headers=headers, json={})
            assert answer.status_code == 401, (method, path, headers)
            assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_every_page_leads_to_the_sign_in(
    service: FastAPI, browser: httpx.AsyncClient
) -> None:
    found = [
        path
        for method, path in ways_in(service)
        if method == "GET" and not path.startswith("/api/") and path not in OPEN
    ]
    assert len(found) >= 6
    for path in found:
        answer = await browser.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in"), path


async def test_no_form_is_taken_without_its_token(
    service: FastAPI, browser: httpx.AsyncClient, center: Center
) -> None:
    await signed_in(browser, center)
    found = [
        path
        for method, path in ways_in(service)
        if method not in {"GET", "HEAD"} and not path.startswith(("/api/", "/oauth/"))
    ]
    assert len(found) >= 6
    for path in found:
        for form in ({}, {"csrf_token": "0" * 64}):
            assert (await browser.post(path, data=form)).status_code == 403, path


async def test_a_form_sent_by_another_site_is_refused(
    browser: httpx.AsyncClient, center: Center
) -> None:
    await signed_in(browser, center)
    form = {"csrf_token": await token_in(browser, "/"), "q": "x"}
    foreign = await browser.post("/", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert (await browser.post("/", data=form)).status_code == 200


async def test_a_wrong_password_and_an_unknown_address_get_the_same_words(
    browser: httpx.AsyncClient, center: Center
) -> None:
    await center.has_staff()
    token = await token_in(browser, "/sign-in")
    pages = []
    for email in (center.staff_email, f"nobody@{center.id}.example"):
        form = {"csrf_token": token, "email": email, "password": "wrong"}
        answer = await browser.post("/sign-in", data=form)
        assert answer.status_code == 422
        pages.append(answer.text.replace(email, ""))
    assert pages[0] == pages[1]


async def test_guessing_a_password_is_slowed_down_for_that_address_alone(
    browser: httpx.AsyncClient, center: Center
) -> None:
    await center.has_staff()
    token = await token_in(browser, "/sign-in")
    form = {"csrf_token": token, "email": center.staff_email, "password": "wrong"}
    for _ in range(MOST_PER_EMAIL):
        assert "do not match" in (await browser.post("/sign-in", data=form)).text
    answer = await browser.post("/sign-in", data=form | {"password": PASSWORD})
    assert "Too many tries" in answer.text
    assert "portico_emr" not in answer.cookies


ODD = ["a\x00@sunrise.example", "\x00", "a\x1b@sunrise.example", "\ud800"]
"""What no form of a browser sends: control characters, and half a surrogate pair."""


def odd_form(**fields: str) -> dict[str, Any]:
    """Return a form in UTF-7, the one encoding that can say all of it."""
    written = {name: (None, text.encode("utf-7", "surrogatepass")) for name, text in fields.items()}
    content_type = "multipart/form-data; boundary=odd; charset=utf-7"
    return {"files": written, "headers": {"Content-Type": content_type}}


@pytest.mark.parametrize("odd", ODD)
async def test_odd_characters_at_the_sign_in_are_only_wrong(
    browser: httpx.AsyncClient, odd: str
) -> None:
    token = await token_in(browser, "/sign-in")
    answer = await browser.post("/sign-in", **odd_form(csrf_token=token, email=odd, password=odd))
    assert answer.status_code == 422
    assert "do not match" in answer.text


@pytest.mark.parametrize("odd", ODD)
async def test_odd_characters_in_a_form_are_never_an_error_of_ours(
    browser: httpx.AsyncClient, center: Center, odd: str
) -> None:
    await center.has_chart()
    await signed_in(browser, center)
    token = await token_in(browser, "/")
    names = ("q", "page", "given_name", "family_name", "preferred_name", "phone", "email")
    fields = dict.fromkeys((*names, "relationship", "ended", "then", "invitation_id"), odd)
    for path, status in (
        ("/", 200),
        ("/charts/c-1/contacts/new", 422),
        ("/charts/c-1/people/p-1/edit", 422),
        ("/charts/c-1/people/p-1/invite", 422),
    ):
        answer = await browser.post(path, **odd_form(csrf_token=token, **fields))
        assert answer.status_code == status, (path, answer.text)


async def test_guesses_sent_all_at_once_get_no_further(
    browser: httpx.AsyncClient, center: Center
) -> None:
    await center.has_staff()
    token = await token_in(browser, "/sign-in")
    form = {"csrf_token": token, "email": center.staff_email, "password": "wrong"}
    tries = [browser.post("/sign-in", data=form) for _ in range(2 * MOST_PER_EMAIL)]
    answers = [answer.text for answer in await asyncio.gather(*tries)]
    assert sum("do not match" in answer for answer in answers) == MOST_PER_EMAIL
    assert sum("Too many tries" in answer for answer in answers) == MOST_PER_EMAIL


async def test_right_passwords_are_never_too_many(
    browser: httpx.AsyncClient, center: Center
) -> None:
    await center.has_staff()
    token = await token_in(browser, "/sign-in")
    form = {"csrf_token": token, "email": center.staff_email, "password": PASSWORD}
    for _ in range(MOST_PER_EMAIL + 1):
        assert (await browser.post("/sign-in", data=form)).status_code == 303


async def test_signing_out_ends_the_session_on_the_server(
    browser: httpx.AsyncClient, center: Center
) -> None:
    await signed_in(browser, center)
    session = browser.cookies["portico_emr"]
    form = {"csrf_token": await token_in(browser, "/")}
    assert (await browser.post("/sign-out", data=form)).status_code == 303
    browser.cookies.set("portico_emr", session)
    assert (await browser.get("/")).status_code == 303


async def test_staff_see_their_own_organization_only(
    browser: httpx.AsyncClient, center: Center
) -> None:
    await signed_in(browser, center)
    other = Center(center.api, f"{center.id}-2")
    await other.opens()
    await other.has_chart("c-secret", given_name="Sigrid")
    assert (await browser.get("/charts/c-secret")).status_code == 404
    assert "Sigrid" not in (await browser.get("/")).text


@pytest.mark.parametrize("path", ["/docs/charts", "/openapi.json"])
async def test_the_api_is_described_without_scripts_of_others(
    stranger: httpx.AsyncClient, path: str
) -> None:
    answer = await stranger.get(path)
    assert answer.status_code == 200
    assert "/api/v1/organizations/{organization}/charts" in answer.text.replace("<wbr>", "")
    assert not re.search(r"""(src|href)=["']?https?:""", answer.text)
