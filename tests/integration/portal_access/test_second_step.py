"""Who has an authenticator app is let in by its codes, and not by the password alone."""

import re

import httpx
import pyotp
import pytest

from contracts.access import NoticeKind
from tests.integration.portal_access.notices import notices
from tests.integration.portal_access.stack import (
    DASHBOARD,
    PASSWORD,
    Center,
    Visitor,
    heading_of,
    is_signed_in,
)

ANA = "ana@sunrise.example"


class App:
    """A person's authenticator app."""

    def __init__(self, secret: str, center: Center) -> None:
        self._codes = pyotp.TOTP(secret)
        self._center = center

    def code(self) -> str:
        """Return the code that the app shows now."""
        return self._codes.now()

    async def next_code(self) -> str:
        """Return the code that the app shows after a minute: no newer one was used."""
        async with self._center.stack.database.transaction() as tx:
            await tx.run("UPDATE authenticators SET last_step = last_step - 2")
        return self.code()


@pytest.fixture
async def app(account: str, center: Center, visitor: Visitor) -> App:
    """The app that the account's holder has set up."""
    del account
    page = await visitor.send(await visitor.get("/account"), "/account/app/new")
    [key] = re.findall(r'class="key">([A-Z2-7 ]+)<', page.text)
    found = App(key.replace(" ", ""), center)
    code = found.code()
    done = await visitor.send(page, "/account/app", code=f" {code[:3]} {code[3:]} ")
    assert heading_of(done) == "Recovery codes"
    return found


async def signs_in(visitor: Visitor, organization: str) -> httpx.Response:
    """Give the right password."""
    return await visitor.post(f"{organization}/sign-in", email=ANA, password=PASSWORD)


async def gives(visitor: Visitor, **answer: str) -> httpx.Response:
    """Take the second step."""
    return await visitor.post("/sign-in/second-step", **answer)


async def recovery_codes_of(visitor: Visitor) -> list[str]:
    """Make recovery codes."""
    made = await visitor.post("/account/recovery-codes")
    return re.findall(r'class="key">([0-9a-z-]+)<', made.text)


async def test_the_password_alone_lets_nobody_in(
    account: str, app: App, center: Center, other_visitor: Visitor
) -> None:
    asked = await signs_in(other_visitor, account)
    assert heading_of(asked) == "One more step"
    assert not is_signed_in(await other_visitor.get(DASHBOARD))
    assert not is_signed_in(await other_visitor.get("/account"))
    wrong = await gives(other_visitor, code="000000")
    assert "This code is not right" in wrong.text
    used = await gives(other_visitor, code=app.code())
    assert "This code is not right" in used.text  # nobody who looked over the shoulder comes in
    assert (await gives(other_visitor, code=await app.next_code())).url.path == DASHBOARD
    assert heading_of(await other_visitor.get("/sign-in/second-step")) != "One more step"
    [told] = await notices(center, NoticeKind.SIGN_IN_CHANGED)
    assert told.data.email == ANA


async def test_an_app_that_never_showed_a_right_code_does_not_count(
    account: str, visitor: Visitor, other_visitor: Visitor
) -> None:
    page = await visitor.send(await visitor.get("/account"), "/account/app/new")
    assert "not right" in (await visitor.send(page, "/account/app", code="123")).text
    assert (await signs_in(other_visitor, account)).url.path == DASHBOARD


async def test_codes_are_not_guessed(account: str, app: App, other_visitor: Visitor) -> None:
    await signs_in(other_visitor, account)
    for _ in range(5):
        assert (await gives(other_visitor, code="000000")).status_code == 422
    assert (await gives(other_visitor, code=await app.next_code())).status_code == 429


async def test_a_code_is_good_for_one_of_two_who_send_it_at_once(
    account: str, app: App, visitor: Visitor, other_visitor: Visitor
) -> None:
    code = await app.next_code()
    for somebody in (visitor, other_visitor):
        await signs_in(somebody, account)
    pages = [await gives(somebody, code=code) for somebody in (visitor, other_visitor)]
    assert [page.url.path for page in pages].count(DASHBOARD) == 1


@pytest.mark.usefixtures("app")
async def test_a_recovery_code_lets_in_once(
    account: str, visitor: Visitor, other_visitor: Visitor
) -> None:
    codes = await recovery_codes_of(visitor)
    assert len(set(codes)) == 10
    await signs_in(other_visitor, account)
    for wrong in ("9zzz-zzzz-zzzz", "nonsense", codes[0][:-1]):
        refused = await gives(other_visitor, recovery_code=wrong)
        assert "This recovery code is not right" in refused.text
    entered = codes[3].upper().replace("-", " ")
    assert (await gives(other_visitor, recovery_code=entered)).url.path == DASHBOARD
    assert "9 codes are left" in (await other_visitor.get("/account")).text
    await signs_in(visitor, account)
    assert "it was used before" in (await gives(visitor, recovery_code=codes[3])).text


@pytest.mark.usefixtures("app")
async def test_new_recovery_codes_take_the_place_of_the_old_ones(
    account: str, visitor: Visitor, other_visitor: Visitor
) -> None:
    old = await recovery_codes_of(visitor)
    new = await recovery_codes_of(visitor)
    await signs_in(other_visitor, account)
    assert (await gives(other_visitor, recovery_code=old[0])).status_code == 422
    assert (await gives(other_visitor, recovery_code=new[0])).url.path == DASHBOARD


@pytest.mark.usefixtures("app")
async def test_without_the_app_the_password_lets_in_again(
    account: str, visitor: Visitor, other_visitor: Visitor
) -> None:
    await recovery_codes_of(visitor)
    removed = await visitor.send(await visitor.get("/account"), "/account/app/remove")
    assert "The app is removed" in removed.text
    assert "codes are left" not in removed.text
    assert (await signs_in(other_visitor, account)).url.path == DASHBOARD


@pytest.mark.usefixtures("app")
async def test_an_administrator_helps_who_has_lost_everything(
    account: str, center: Center, visitor: Visitor, other_visitor: Visitor
) -> None:
    details = await center.account()
    assert details["second_step"] is True
    path = f"/{details['id']}/second-step/remove"
    assert (await center.asks("POST", path)).status_code == 204
    assert (await center.asks("POST", path)).status_code == 204
    assert not is_signed_in(await visitor.get(DASHBOARD))
    assert (await signs_in(other_visitor, account)).url.path == DASHBOARD
    history = [line["what"] for line in (await center.account())["history"]]
    assert history.count("second_step_removed") == 1


@pytest.mark.usefixtures("account")
async def test_a_second_chart_is_accepted_after_the_second_step(
    app: App, center: Center, other_visitor: Visitor
) -> None:
    _, token = await center.invites(await center.has_chart("c-2", ANA))
    question = await other_visitor.opens_link(token)
    path = question.url.raw_path.decode()
    asked = await other_visitor.send(question, path, password=PASSWORD)
    assert heading_of(asked) == "One more step"
    known = await gives(other_visitor, code=await app.next_code())
    assert heading_of(known) == "Accept your invitation"
    await other_visitor.send(known, known.url.raw_path.decode())
    assert is_signed_in(await other_visitor.get("/charts/c-2/patient"))


@pytest.mark.usefixtures("app")
async def test_a_new_password_ends_a_sign_in_that_waits_for_its_second_step(
    account: str, visitor: Visitor, other_visitor: Visitor
) -> None:
    await signs_in(other_visitor, account)
    new = {"password": PASSWORD, "new_password": "another horse battery"}
    await visitor.post("/account/password", **new)
    await other_visitor.client.get("/sign-in/second-step")
    late = await other_visitor.get("/sign-in/second-step")
    assert heading_of(late) != "One more step"
