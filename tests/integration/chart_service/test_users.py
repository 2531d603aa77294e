"""Portal administrators manage who signs in; everybody manages their own password."""

import asyncio
import re
from html import unescape

import httpx
import pytest
from fastapi import FastAPI

from tests.integration.chart_service.conftest import PASSWORD, Center, _client
from tests.integration.chart_service.pages import signed_in, token_in

NEW_PASSWORD = "another-sunrise-2"


@pytest.fixture
def windows(service: FastAPI) -> list[httpx.AsyncClient]:
    """Two more browsers."""
    return [_client(service, {"Accept": "text/html"}) for _ in range(2)]


async def enters(browser: httpx.AsyncClient, email: str, password: str) -> bool:
    """Try to sign in; tell whether that worked."""
    form = {"email": email, "password": password}
    form["csrf_token"] = await token_in(browser, "/sign-in")
    return (await browser.post("/sign-in", data=form)).status_code == 303


async def sends(browser: httpx.AsyncClient, path: str, **form: str) -> httpx.Response:
    """Send a form of a page for those who signed in."""
    return await browser.post(path, data=form | {"csrf_token": await token_in(browser, "/")})


async def page_of(browser: httpx.AsyncClient, name: str) -> str:
    """Return the address of a user's page."""
    found = re.search(rf'href="(/users/[\w-]+)">{name}', (await browser.get("/users")).text)
    assert found, name
    return found[1]


def code_in(page: httpx.Response) -> str:
    """Return the code of the link that a page shows."""
    found = re.search(r"http://emr/set-password#([\w-]+)", unescape(page.text))
    assert found, page.text
    return found[1]


async def adds(browser: httpx.AsyncClient, center: Center, role: str = "staff") -> str:
    """Add Bo Lind; return the code of the link to choose a password."""
    who = {"name": "Bo Lind", "email": bo(center), "role": role}
    return code_in(await sends(browser, "/users/new", **who))


def bo(center: Center) -> str:
    return f"bo@{center.id}.example"


def ticked(page: str) -> bool:
    """Tell whether a user's page says that portal users can write to them."""
    found = re.search(r'<input[^>]* name="receives_messages"[^>]*>', page)
    assert found, page
    return " checked" in found[0]


async def chooses(browser: httpx.AsyncClient, code: str, password: str) -> httpx.Response:
    """Choose a password with a link's code."""
    token = await token_in(browser, "/set-password")
    form = {"csrf_token": token, "code": code, "password": password}
    return await browser.post("/set-password", data=form)


async def test_a_new_user_chooses_a_password_by_a_link_that_works_once(
    browser: httpx.AsyncClient, windows: list[httpx.AsyncClient], center: Center
) -> None:
    await signed_in(browser, center, "admin")
    window, other = windows
    code = await adds(browser, center)
    assert "Has a link" in (await browser.get("/users")).text
    assert not await enters(window, bo(center), "")
    assert "at least 8" in (await chooses(window, code, "short")).text
    whole_link = f"http://emr/set-password#{code}"
    assert (await chooses(window, whole_link, NEW_PASSWORD)).status_code == 303
    assert (await chooses(other, code, "a-third-password")).status_code == 422
    assert await enters(window, bo(center), NEW_PASSWORD)
    assert "Bo Lind" in (await window.get("/")).text


async def test_an_address_belongs_to_one_user_of_the_installation(
    browser: httpx.AsyncClient, center: Center
) -> None:
    await signed_in(browser, center, "admin")
    who = {"name": "Kim Again", "email": center.staff_email.upper(), "role": "staff"}
    answer = await sends(browser, "/users/new", **who)
    assert answer.status_code == 422
    assert "Somebody signs in with this address" in answer.text
    nothing = await sends(browser, "/users/new", email="bo", role="owner")
    for words in ("Enter the name", "Enter an e-mail address like", "Choose what this user"):
        assert words in nothing.text


async def test_a_reset_ends_the_password_the_sessions_and_the_earlier_link(
    browser: httpx.AsyncClient, windows: list[httpx.AsyncClient], center: Center
) -> None:
    await signed_in(browser, center, "admin")
    window, _ = windows
    await chooses(window, await adds(browser, center), NEW_PASSWORD)
    assert await enters(window, bo(center), NEW_PASSWORD)
    path = f"{await page_of(browser, 'Bo Lind')}/password-reset"
    first, second = [code_in(await sends(browser, path)) for _ in range(2)]
    assert (await window.get("/")).headers["location"] == "/sign-in"
    assert not await enters(window, bo(center), NEW_PASSWORD)
    assert (await chooses(window, first, NEW_PASSWORD)).status_code == 422
    assert (await chooses(window, second, NEW_PASSWORD)).status_code == 303


async def test_the_deactivated_are_out_at_once_and_may_come_back(
    browser: httpx.AsyncClient, windows: list[httpx.AsyncClient], center: Center
) -> None:
    await signed_in(browser, center, "admin")
    window, _ = windows
    await chooses(window, await adds(browser, center), NEW_PASSWORD)
    assert await enters(window, bo(center), NEW_PASSWORD)
    path = await page_of(browser, "Bo Lind")
    assert (await sends(browser, f"{path}/deactivation")).status_code == 303
    assert (await window.get("/")).headers["location"] == "/sign-in"
    assert not await enters(window, bo(center), NEW_PASSWORD)
    assert (await sends(browser, f"{path}/password-reset")).status_code == 409
    assert (await sends(browser, f"{path}/reactivation")).status_code == 303
    assert (await window.get("/")).headers["location"] == "/sign-in"
    assert await enters(window, bo(center), NEW_PASSWORD)


async def test_a_role_changes_what_may_be_done_and_a_refusal_says_who_can(
    browser: httpx.AsyncClient, windows: list[httpx.AsyncClient], center: Center
) -> None:
    await signed_in(browser, center, "admin")
    window, _ = windows
    await chooses(window, await adds(browser, center), NEW_PASSWORD)
    await enters(window, bo(center), NEW_PASSWORD)
    for path in ("/users", "/users/new", "/audit-log", "/audit-log.csv"):
        refused = await window.get(path)
        assert refused.status_code == 403
        assert "Ask one of yours to do this for you: Kim Park." in refused.text
    path = await page_of(browser, "Bo Lind")
    assert (await sends(window, f"{path}/reactivation")).status_code == 403
    await sends(browser, path, name="Bo Lindt", role="admin")
    assert "Bo Lindt" in (await window.get("/users")).text


async def test_an_administrator_says_to_whom_portal_users_can_write(
    browser: httpx.AsyncClient, center: Center
) -> None:
    await signed_in(browser, center, "admin")
    assert ticked((await browser.get("/users/new")).text)
    await adds(browser, center)
    path = await page_of(browser, "Bo Lind")
    assert not ticked((await browser.get(path)).text)
    who = {"name": "Bo Lind", "role": "staff"}
    await sends(browser, path, **who, receives_messages="yes")
    assert ticked((await browser.get(path)).text)
    assert "receives messages: yes" in (await browser.get("/audit-log")).text
    await sends(browser, path, **who)
    assert not ticked((await browser.get(path)).text)
    failed = await sends(browser, path, name="", role="staff", receives_messages="yes")
    assert ticked(failed.text)


async def test_the_last_active_administrator_stays_one(
    browser: httpx.AsyncClient, center: Center
) -> None:
    await signed_in(browser, center, "admin")
    await adds(browser, center)
    path = await page_of(browser, "Kim Park")
    refused = await sends(browser, path, name="Kim Park", role="staff")
    assert (refused.status_code, "only active portal" in refused.text) == (422, True)
    refused = await sends(browser, f"{path}/deactivation")
    assert (refused.status_code, "Kim Park is still active" in refused.text) == (409, True)
    assert (await browser.get("/users")).status_code == 200


async def test_two_administrators_cannot_deactivate_each_other_at_once(
    browser: httpx.AsyncClient, windows: list[httpx.AsyncClient], center: Center
) -> None:
    await signed_in(browser, center, "admin")
    window, _ = windows
    await chooses(window, await adds(browser, center, "admin"), NEW_PASSWORD)
    await enters(window, bo(center), NEW_PASSWORD)
    kim, lind = [await page_of(browser, name) for name in ("Kim Park", "Bo Lind")]
    tokens = [await token_in(each, "/") for each in (browser, window)]
    pressed = await asyncio.gather(
        browser.post(f"{lind}/deactivation", data={"csrf_token": tokens[0]}),
        window.post(f"{kim}/deactivation", data={"csrf_token": tokens[1]}),
    )
    # The one who came second is told so, or finds themselves signed out.
    left = [(await each.get("/users")).status_code for each in (browser, window)]
    assert sorted(left) == [200, 303], pressed


async def test_other_organizations_users_are_nobodys_business(
    browser: httpx.AsyncClient, windows: list[httpx.AsyncClient], center: Center
) -> None:
    await signed_in(browser, center, "admin")
    other = Center(center.api, f"{center.id}-2")
    await other.opens()
    await signed_in(windows[0], other, "admin")
    theirs = await page_of(windows[0], "Kim Park")
    assert (await browser.get(theirs)).status_code == 404
    for path in ("", "/deactivation", "/reactivation", "/password-reset", "/unlinking"):
        answer = await sends(browser, f"{theirs}{path}", name="X", role="staff")
        assert answer.status_code == 404, path
    assert other.staff_email not in (await browser.get("/users")).text


async def test_staff_change_their_own_password_and_are_signed_out_elsewhere(
    browser: httpx.AsyncClient, windows: list[httpx.AsyncClient], center: Center
) -> None:
    await signed_in(browser, center)
    elsewhere, _ = windows
    await enters(elsewhere, center.staff_email, PASSWORD)
    wrong = await sends(browser, "/password", current="not it", password=NEW_PASSWORD)
    assert (wrong.status_code, "this is another one" in wrong.text) == (422, True)
    weak = await sends(browser, "/password", current=PASSWORD, password="password")
    assert (weak.status_code, "very common" in weak.text) == (422, True)
    done = await sends(browser, "/password", current=PASSWORD, password=NEW_PASSWORD)
    assert done.status_code == 303
    assert (await browser.get("/")).status_code == 200
    assert (await elsewhere.get("/")).headers["location"] == "/sign-in"
    assert not await enters(elsewhere, center.staff_email, PASSWORD)
    assert await enters(elsewhere, center.staff_email, NEW_PASSWORD)
