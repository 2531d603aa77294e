"""Sign-in, sign-out, and what nobody may find out or do."""

import base64
import time
from collections.abc import Iterator
from statistics import median

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Mount

from services.chart_service.schemas.organizations import PORTAL_PATHS
from services.portal_access import app as portal_app
from services.portal_access.throttle import MOST_PER_ACCOUNT
from tests.chart_settings import API_TOKEN
from tests.integration.portal_access.stack import (
    DASHBOARD,
    PASSWORD,
    Center,
    Stack,
    Visitor,
    csrf_token_in,
    free_port,
    heading_of,
    is_signed_in,
    serve,
)
from tests.waiting import until

ADDRESS = "ana@sunrise.example"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

WRONG = "The e-mail address or the password is not right"


@pytest.fixture
async def account(account: str, visitor: Visitor) -> str:
    """An account, whose holder has signed out again; the path of its sign-in page."""
    await visitor.send(await visitor.get("/"), "/sign-out")
    return f"{account}/sign-in"


async def test_signing_in_leads_to_the_charts_and_out_again(account: str, visitor: Visitor) -> None:
    page = await visitor.post(account, email=f" {ADDRESS.upper()} ", password=PASSWORD)
    assert page.url.path == DASHBOARD
    assert is_signed_in(page)
    out = await visitor.send(page, "/sign-out")
    assert "You are signed out" in out.text
    assert heading_of(await visitor.get("/")) == "Sign in to your patient portal"


async def test_a_session_gets_a_new_name_at_sign_in_and_the_old_one_is_dead(
    account: str, visitor: Visitor
) -> None:
    await visitor.post(account, email=ADDRESS, password=PASSWORD)
    old = visitor.client.cookies["portico_portal"]
    await visitor.post(account, email=ADDRESS, password=PASSWORD)
    assert visitor.client.cookies["portico_portal"] != old
    cookies = {"portico_portal": old}
    async with httpx.AsyncClient(base_url=visitor.client.base_url, cookies=cookies) as thief:
        assert not is_signed_in(await thief.get("/"))


async def test_after_signing_out_the_next_person_finds_no_way_in(
    account: str, visitor: Visitor
) -> None:
    del account
    for path in ("/accept/done", "/accept/register", "/"):
        assert not is_signed_in(await visitor.get(path))


async def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(
    account: str, visitor: Visitor
) -> None:
    pages, seconds = [], []
    for email in (ADDRESS, "nobody@sunrise.example"):
        times = []
        for _ in range(4):
            form = await visitor.get(account)
            began = time.perf_counter()
            page = await visitor.send(form, account, email=email, password="not the password")
            times.append(time.perf_counter() - began)
        assert page.status_code == 422
        assert WRONG in page.text
        pages.append(page.text.replace(email, "address"))
        seconds.append(median(times))
    assert pages[0] == pages[1]
    assert max(seconds) < 3 * min(seconds)


@pytest.mark.parametrize("email", [ADDRESS, "nobody@sunrise.example"])
async def test_guessing_is_slowed_down_whoever_it_is(
    account: str, visitor: Visitor, email: str
) -> None:
    for _ in range(MOST_PER_ACCOUNT):
        page = await visitor.post(account, email=email, password="not the password")
        assert page.status_code == 422
    page = await visitor.post(account, email=email, password=PASSWORD)
    assert page.status_code == 429
    assert "Wait 15 minutes" in page.text


async def test_right_passwords_are_never_too_many(account: str, visitor: Visitor) -> None:
    for _ in range(MOST_PER_ACCOUNT + 1):
        page = await visitor.post(account, email=ADDRESS, password=PASSWORD)
        assert page.url.path == DASHBOARD


async def test_an_account_opens_the_portal_of_its_organisation_alone(
    account: str, stack: Stack, visitor: Visitor
) -> None:
    del account
    other = Center(stack)
    await other.opens()
    page = await visitor.post(f"/{other.id}/sign-in", email=ADDRESS, password=PASSWORD)
    assert WRONG in page.text


async def test_no_organisation_of_that_name_is_a_page_not_found(visitor: Visitor) -> None:
    for path in ("/nobody/sign-in", "/%00/sign-in", "/a%20b/sign-in", "/nobody/logo"):
        assert (await visitor.get(path)).status_code == 404


@pytest.mark.parametrize("odd", ["\x00' OR 1=1 --", "a\x1b@sunrise.example", "\ud800"])
async def test_odd_characters_in_the_form_are_only_wrong(
    account: str, visitor: Visitor, odd: str
) -> None:
    # UTF-7 is the one encoding of a form that can say half a surrogate pair.
    headers = {"Content-Type": "multipart/form-data; boundary=odd; charset=utf-7"}
    raw = odd.encode("utf-7", "surrogatepass")
    for path in (account, "/accept"):
        token = csrf_token_in((await visitor.get(path)).text).encode()
        fields = {"csrf_token": token, "email": raw, "password": raw, "code": raw}
        parts = {name: (None, value) for name, value in fields.items()}
        answer = await visitor.client.post(path, files=parts, headers=headers)
        assert answer.status_code == 422, path


async def test_the_dashboard_needs_a_session(stack: Stack) -> None:
    cookies = {"portico_portal": "made up"}
    async with httpx.AsyncClient(base_url=stack.portal_url, cookies=cookies) as client:
        assert not is_signed_in(await client.get("/"))


async def test_every_form_that_another_site_sends_is_refused(stack: Stack) -> None:
    posts = [
        r.path
        for r in routes_of(portal_app.build(stack.portal_settings))
        if "POST" in (r.methods or ()) and not r.path.startswith("/api/")
    ]
    assert len(posts) >= 6
    async with httpx.AsyncClient(base_url=stack.portal_url) as client:
        for path in posts:
            answer = await client.post(path, data={"csrf_token": "made up"})
            assert answer.status_code == 403, path


async def test_no_organisation_may_have_the_name_of_a_page_of_the_portal(stack: Stack) -> None:
    app = portal_app.build(stack.portal_settings)
    mounted = [route.path for route in app.routes if isinstance(route, Mount)]
    paths = [*mounted, *(route.path for route in routes_of(app)), "/openapi.json"]
    first = {path.split("/")[1] for path in paths} - {"", "{organization}"}
    assert first <= PORTAL_PATHS
    headers = {"Authorization": f"Bearer {API_TOKEN}"}
    async with httpx.AsyncClient(base_url=stack.chart_url, headers=headers) as emr:
        for name in PORTAL_PATHS:
            body = {"name": "Sunrise", "phone": "1"}
            answer = await emr.put(f"/api/v1/organizations/{name}", json=body)
            assert answer.status_code == 422, name
            assert "choose another id" in answer.text


async def test_the_keys_that_are_published_are_public_ones(stack: Stack) -> None:
    async with httpx.AsyncClient(base_url=stack.portal_url) as client:
        (key,) = (await client.get("/.well-known/jwks.json")).json()["keys"]
    assert key["kty"] == "OKP"
    assert "d" not in key


async def test_while_the_emr_is_away_the_dashboard_says_so(account: str, stack: Stack) -> None:
    port = free_port()
    away = {"emr_url": f"http://127.0.0.1:{free_port()}"}
    app = portal_app.build(stack.portal_settings.model_copy(update=away))
    visitor = Visitor(f"http://127.0.0.1:{port}")
    async with serve(app, port):
        page = await visitor.post(account, email=ADDRESS, password=PASSWORD)
    assert page.status_code == 503
    assert "We cannot show this just now" in page.text
    await visitor.client.aclose()


async def test_an_organisation_shows_its_logo(center: Center, visitor: Visitor) -> None:
    assert (await visitor.get(f"/{center.id}/logo")).status_code == 404
    logo = {"media_type": "image/png", "content": base64.b64encode(PNG).decode()}
    await center.opens(logo=logo)

    async def shown() -> bool:
        return (await visitor.get(f"/{center.id}/logo")).is_success

    await until(shown)
    answer = await visitor.get(f"/{center.id}/logo")
    assert answer.content == PNG
    assert answer.headers["content-type"] == "image/png"
    assert f"/{center.id}/logo" in (await visitor.get(f"/{center.id}/sign-in")).text


def routes_of(app: FastAPI | APIRouter) -> Iterator[APIRoute]:
    """Yield every route of an app, those of included routers too."""
    for route in app.routes:
        if isinstance(route, APIRoute):
            yield route
        elif router := getattr(route, "original_router", None):
            yield from routes_of(router)
