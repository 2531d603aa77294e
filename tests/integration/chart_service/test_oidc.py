"""Staff sign in at an OpenID provider, and nobody else does."""

from collections.abc import AsyncIterator, Callable
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from services.chart_service.app import build
from tests.chart_settings import chart_settings
from tests.infrastructure import Servers
from tests.integration.chart_service.conftest import PASSWORD, Center
from tests.integration.chart_service.pages import token_in
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, Person, Provider, serve_provider

START = "/sign-in/oidc"


@pytest.fixture(scope="module")
async def provider() -> AsyncIterator[Provider]:
    """An OpenID provider on a port of its own."""
    async with serve_provider() as served:
        yield served


Instance = Callable[..., FastAPI]


@pytest.fixture(scope="module")
def instance(servers: Servers, provider: Provider) -> Instance:
    """Give what makes an instance of the service that knows the provider."""

    def build_one(**changes: object) -> FastAPI:
        known = {
            "oidc_issuer": provider.issuer,
            "oidc_client_id": CLIENT_ID,
            "oidc_client_secret": CLIENT_SECRET,
            "oidc_label": "Sunrise ID",
        }
        return build(chart_settings(servers, **(known | changes)))

    return build_one


def window_of(app: FastAPI) -> httpx.AsyncClient:
    """Return a browser without cookies."""
    transport = httpx.ASGITransport(app=app)
    headers = {"Accept": "text/html"}
    return httpx.AsyncClient(transport=transport, base_url="http://emr", headers=headers)


@pytest.fixture
async def window(instance: Instance) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at an instance that lets people in by the provider and by password."""
    async with window_of(instance()) as client:
        yield client


async def answer_of_provider(window: httpx.AsyncClient, person: Person) -> str:
    """Go to the provider as this person; return where it sends the browser back."""
    away = await window.get(START)
    assert away.status_code == 303
    async with httpx.AsyncClient() as client:
        back = await client.get(away.headers["location"] + f"&person={person.sub}")
    address = urlsplit(back.headers["location"])
    return f"{address.path}?{address.query}"


async def comes_back(window: httpx.AsyncClient, path: str) -> str:
    """Follow the provider's answer; return where it leads."""
    answer = await window.get(path)
    assert answer.status_code == 303
    return answer.headers["location"]


def somebody(center: Center, **more: object) -> Person:
    """Return the centre's member of staff as the provider knows them."""
    return Person(f"sub-{uuid4().hex[:8]}", center.staff_email.title(), **more)  # type: ignore[arg-type]


async def test_staff_sign_in_at_the_provider_and_stay_linked_when_their_address_changes(
    window: httpx.AsyncClient, provider: Provider, center: Center
) -> None:
    await center.has_staff()
    person = provider.knows(somebody(center))
    assert "Sign in with Sunrise ID" in (await window.get("/sign-in")).text
    assert await comes_back(window, await answer_of_provider(window, person)) == "/"
    assert "Kim Park" in (await window.get("/")).text
    first = window.cookies["portico_emr"]
    person.email, person.email_verified = "new@sunrise.example", False
    assert await comes_back(window, await answer_of_provider(window, person)) == "/"
    assert window.cookies["portico_emr"] != first
    window.cookies.set("portico_emr", first)
    assert (await window.get("/")).headers["location"] == "/sign-in"


async def test_an_address_that_only_userinfo_tells_counts(
    window: httpx.AsyncClient, provider: Provider, center: Center
) -> None:
    await center.has_staff()
    person = provider.knows(somebody(center, email_by_userinfo=True))
    assert await comes_back(window, await answer_of_provider(window, person)) == "/"


@pytest.mark.parametrize(
    "wrong",
    [
        {"claims": {"nonce": "another"}},
        {"claims": {"aud": "another"}},
        {"claims": {"aud": [CLIENT_ID, "another"]}},
        {"claims": {"iss": "https://id.example"}},
        {"claims": {"exp": 1_700_000_000}},
        {"is_forged": True},
    ],
)
async def test_an_id_token_that_is_not_for_this_sign_in_opens_nothing(
    window: httpx.AsyncClient, provider: Provider, center: Center, wrong: dict[str, object]
) -> None:
    await center.has_staff()
    person = provider.knows(somebody(center, **wrong))
    led = await comes_back(window, await answer_of_provider(window, person))
    assert led == "/sign-in?problem=not_genuine"
    assert "could not be verified" in (await window.get(led)).text
    assert "portico_emr" not in window.cookies


async def test_an_address_that_is_not_verified_opens_nothing(
    window: httpx.AsyncClient, provider: Provider, center: Center
) -> None:
    await center.has_staff()
    person = provider.knows(somebody(center, email_verified=False))
    led = await comes_back(window, await answer_of_provider(window, person))
    assert "Sunrise ID has not verified your e-mail" in (await window.get(led)).text


async def test_nobody_is_added_by_signing_in(
    window: httpx.AsyncClient, provider: Provider, center: Center
) -> None:
    person = provider.knows(somebody(center))
    for _ in range(2):
        led = await comes_back(window, await answer_of_provider(window, person))
        assert "Ask a portal administrator" in (await window.get(led)).text


async def test_another_person_with_the_same_address_does_not_take_the_link_over(
    window: httpx.AsyncClient, provider: Provider, center: Center
) -> None:
    await center.has_staff()
    owner, other = provider.knows(somebody(center)), provider.knows(somebody(center))
    assert await comes_back(window, await answer_of_provider(window, owner)) == "/"
    led = await comes_back(window, await answer_of_provider(window, other))
    assert "linked to another sign-in" in (await window.get(led)).text


async def test_an_answer_is_taken_once_and_from_the_browser_that_asked(
    instance: Instance, provider: Provider, center: Center
) -> None:
    await center.has_staff()
    person = provider.knows(somebody(center))
    # Several instances share what they know of a sign-in.
    async with window_of(instance()) as one, window_of(instance()) as other:
        path = await answer_of_provider(one, person)
        assert await comes_back(other, path) == "/sign-in?problem=ended"
        other.cookies = one.cookies
        assert await comes_back(other, path) == "/"
        assert await comes_back(other, path) == "/sign-in?problem=ended"


async def test_two_windows_of_a_browser_may_sign_in_at_the_same_time(
    window: httpx.AsyncClient, provider: Provider, center: Center
) -> None:
    await center.has_staff()
    person = provider.knows(somebody(center))
    paths = [await answer_of_provider(window, person) for _ in range(2)]
    assert await comes_back(window, paths[0]) == "/"


async def test_an_answer_for_another_issuer_or_without_a_code_is_refused(
    window: httpx.AsyncClient, provider: Provider, center: Center
) -> None:
    person = provider.knows(somebody(center))
    for changed in ({"iss": ["https://id.example"]}, {"code": [""], "error": ["access_denied"]}):
        given = parse_qs(urlsplit(await answer_of_provider(window, person)).query) | changed
        answer = await window.get(f"{START}/callback", params=given)
        assert answer.headers["location"] == "/sign-in?problem=refused"


async def test_a_provider_that_is_away_is_said_to_be(instance: Instance) -> None:
    async with window_of(instance(oidc_issuer="http://127.0.0.1:1")) as window:
        led = await comes_back(window, START)
        assert "does not answer now" in (await window.get(led)).text


async def test_passwords_can_be_switched_off(instance: Instance, center: Center) -> None:
    await center.has_staff()
    form = {"email": center.staff_email, "password": PASSWORD}
    async with window_of(instance()) as on, window_of(instance(oidc_passwords="off")) as off:
        form["csrf_token"] = await token_in(on, "/sign-in")
        assert 'type="password"' not in (await off.get("/sign-in")).text
        assert (await off.get("/set-password")).status_code == 404
        off.cookies = on.cookies
        assert "Passwords are switched off" in (await off.post("/sign-in", data=form)).text
        assert (await on.post("/sign-in", data=form)).status_code == 303


async def test_the_deactivated_are_told_so(
    window: httpx.AsyncClient, provider: Provider, center: Center
) -> None:
    await center.has_staff("admin")
    person = provider.knows(somebody(center))
    other = {"email": f"b@{center.id}.example", "name": "Bo Lind", "role": "admin"}
    assert (await center.api.post(f"{center.path}/staff", json=other)).status_code == 201
    await comes_back(window, await answer_of_provider(window, person))
    token = await token_in(window, "/password")
    users = (await window.get("/users")).text
    kim = users.rpartition('">Kim Park')[0].rpartition('href="')[2]
    await window.post(f"{kim}/deactivation", data={"csrf_token": token})
    led = await comes_back(window, await answer_of_provider(window, person))
    assert "may not sign in here any more" in (await window.get(led)).text
