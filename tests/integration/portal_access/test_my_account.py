"""My Account: a person's own address, number, password and sessions; nobody else's."""

from datetime import timedelta

import pytest

from contracts.access import NoticeKind
from tests.integration.portal_access.notices import notices, token_of
from tests.integration.portal_access.stack import (
    DASHBOARD,
    PASSWORD,
    Center,
    Visitor,
    heading_of,
    is_signed_in,
)

ANA, NEW_PASSWORD = "ana@sunrise.example", "another horse battery"


async def signs_in(visitor: Visitor, organization: str, password: str = PASSWORD) -> None:
    """Sign Ana in."""
    await visitor.post(f"{organization}/sign-in", email=ANA, password=password)


async def forget_confirmation(center: Center) -> None:
    """Let more than ten minutes pass since anybody proved who they are."""
    async with center.stack.database.transaction() as tx:
        await tx.run(
            "UPDATE sessions SET confirmed_at = :then", then=tx.now - timedelta(minutes=11)
        )


@pytest.mark.usefixtures("account")
async def test_an_address_is_the_accounts_once_its_holder_has_followed_the_link(
    center: Center, visitor: Visitor
) -> None:
    new = "ana.new@sunrise.example"
    asked = await visitor.post("/account/email", email=f" {new} ")
    assert "We have sent you an e-mail" in asked.text
    assert new in asked.text.replace("<wbr>", "")
    [notice] = await notices(center, NoticeKind.VERIFY_EMAIL)
    assert notice.data.email == new
    token = token_of(notice)
    assert (await center.account())["email"] == ANA
    done = await visitor.post("/verify-email", code=token)
    assert "Your e-mail address is verified" in done.text
    assert not is_signed_in(await visitor.get("/"))
    [told] = await notices(center, NoticeKind.EMAIL_CHANGED)
    assert told.data.email == ANA
    assert (await center.account())["email"] == new


@pytest.mark.usefixtures("account")
async def test_that_another_account_has_an_address_is_not_told(
    center: Center, visitor: Visitor, other_visitor: Visitor
) -> None:
    taken = "ben@sunrise.example"
    _, token = await center.invites(await center.has_chart("c-2", taken))
    await other_visitor.accepts(token)
    asked = await visitor.post("/account/email", email=taken)
    free = await visitor.post("/account/email", email="nobody@sunrise.example")
    assert asked.url == free.url
    assert "We have sent you an e-mail" in asked.text
    for wrong in ("ana", ANA.upper()):
        assert (await visitor.post("/account/email", email=wrong)).status_code == 422


async def test_a_link_for_a_password_dies_with_the_address_it_went_to(
    account: str, center: Center, visitor: Visitor, other_visitor: Visitor
) -> None:
    await other_visitor.post(f"{account}/forgot-password", email=ANA)
    [reset] = await notices(center, NoticeKind.RESET_PASSWORD)
    await visitor.post("/account/email", email="ana.new@sunrise.example")
    [verify] = await notices(center, NoticeKind.VERIFY_EMAIL)
    tokens = [token_of(notice) for notice in (reset, verify)]
    await visitor.post("/verify-email", code=tokens[1])
    dead = await other_visitor.post("/reset-password", code=tokens[0], password=NEW_PASSWORD)
    assert heading_of(dead) == "This link does not work any more"


@pytest.mark.usefixtures("account")
async def test_a_mailbox_is_not_filled(visitor: Visitor) -> None:
    for _ in range(3):
        asked = await visitor.post("/account/email", email="victim@sunrise.example")
        assert asked.status_code == 200
    refused = await visitor.post("/account/email", email="victim@sunrise.example")
    assert "too many tries" in refused.text


async def test_another_password_ends_the_other_sessions_and_not_this_one(
    account: str, center: Center, visitor: Visitor, other_visitor: Visitor
) -> None:
    await signs_in(other_visitor, account)
    wrong = await visitor.post("/account/password", password="wrong", new_password=NEW_PASSWORD)
    assert "This password is not right" in wrong.text
    weak = await visitor.post("/account/password", password=PASSWORD, new_password="password")
    assert "very common" in weak.text
    assert is_signed_in(await other_visitor.get(DASHBOARD))
    done = await visitor.post("/account/password", password=PASSWORD, new_password=NEW_PASSWORD)
    assert "Your password is changed" in done.text
    assert not is_signed_in(await other_visitor.get(DASHBOARD))
    await signs_in(other_visitor, account)
    assert not is_signed_in(await other_visitor.get(DASHBOARD))
    await signs_in(other_visitor, account, NEW_PASSWORD)
    assert is_signed_in(await other_visitor.get(DASHBOARD))
    [told] = await notices(center, NoticeKind.PASSWORD_CHANGED)
    assert told.data.email == ANA


async def test_sessions_are_listed_and_ended_one_by_one_or_all(
    account: str, visitor: Visitor, other_visitor: Visitor
) -> None:
    other_visitor.client.headers["User-Agent"] = "Mozilla/5.0 (iPhone) AppleWebKit Safari/605"
    await signs_in(other_visitor, account)
    page = await visitor.get("/account")
    assert "Safari, iPhone" in page.text
    assert page.text.count("This device") == 1
    other = page.text.split('name="session" value="')[1].partition('"')[0]
    ended = await visitor.send(page, "/account/sessions/end", session=other)
    assert "You are signed out on that device" in ended.text
    assert not is_signed_in(await other_visitor.get(DASHBOARD))
    await signs_in(other_visitor, account)
    await visitor.send(page, "/account/sessions/end-others")
    assert not is_signed_in(await other_visitor.get(DASHBOARD))
    await signs_in(other_visitor, account)
    everywhere = await visitor.send(page, "/account/sessions/end-all")
    assert everywhere.url.path == f"{account}/sign-in"
    for somebody in (visitor, other_visitor):
        assert not is_signed_in(await somebody.get(DASHBOARD))


@pytest.mark.usefixtures("account")
async def test_nobody_ends_the_session_of_another(
    center: Center, visitor: Visitor, other_visitor: Visitor
) -> None:
    _, token = await center.invites(await center.has_chart("c-2", "ben@sunrise.example"))
    await other_visitor.accepts(token)
    async with center.stack.database.transaction() as tx:
        found = await tx.run("SELECT token_hash FROM sessions")
        every = [row.token_hash.hex() for row in found]
    page = await other_visitor.get("/account")
    for session in every:
        await other_visitor.send(page, "/account/sessions/end", session=session)
    assert is_signed_in(await visitor.get(DASHBOARD))


@pytest.mark.usefixtures("account")
async def test_the_password_is_asked_for_again_before_signing_in_is_changed(
    center: Center, visitor: Visitor
) -> None:
    await forget_confirmation(center)
    asked = await visitor.get("/account/email")
    assert heading_of(asked) == "Confirm that it is you"
    sent = await visitor.send(asked, "/account/email", email="thief@sunrise.example")
    assert heading_of(sent) == "Confirm that it is you"
    wrong = await visitor.send(asked, "/account/confirm", then="/account/email", password="wrong")
    assert "This password is not right" in wrong.text
    there = await visitor.send(wrong, "/account/confirm", then="/account/email", password=PASSWORD)
    assert heading_of(there) == "Change your e-mail address"
    elsewhere = await visitor.send(
        wrong, "/account/confirm", then="//evil.example", password=PASSWORD
    )
    assert elsewhere.url.path == "/account"


@pytest.mark.usefixtures("account")
async def test_a_phone_number_of_ones_own(center: Center, visitor: Visitor) -> None:
    wrong = await visitor.post("/account/phone", phone="call me")
    assert "Enter a phone number" in wrong.text
    saved = await visitor.post("/account/phone", phone="202-555-0143")
    assert "+1 202-555-0143" in saved.text
    assert (await center.account())["phone"] == "202-555-0143"
    emptied = await visitor.post("/account/phone", phone="")
    assert "Not given" in emptied.text
