"""Who forgot their password chooses another by a link, and nobody else can."""

import time
from collections.abc import AsyncIterator

import pytest

from contracts.access import NoticeKind
from tests.integration.portal_access.notices import notices, token_of
from tests.integration.portal_access.stack import (
    DASHBOARD,
    PASSWORD,
    Center,
    Stack,
    Visitor,
    heading_of,
    is_signed_in,
)

ANA, NEW_PASSWORD = "ana@sunrise.example", "another horse battery"


async def test_another_password_by_the_link_in_the_mail(
    account: str, center: Center, visitor: Visitor, other_visitor: Visitor
) -> None:
    sent = await other_visitor.post(f"{account}/forgot-password", email=f" {ANA.upper()} ")
    assert heading_of(sent) == "Check your e-mail"
    [notice] = await notices(center, NoticeKind.RESET_PASSWORD)
    assert (notice.data.email, notice.data.given_name) == (ANA, "Ana")
    token = token_of(notice)
    weak = await other_visitor.post("/reset-password", code=token, password="password")
    assert "very common" in weak.text
    changed = await other_visitor.send(weak, "/reset-password", code=token, password=NEW_PASSWORD)
    assert changed.url.path == f"{account}/sign-in"
    assert "Your password is changed" in changed.text
    assert not is_signed_in(await visitor.get("/"))  # the session of before is over
    old = await other_visitor.post(f"{account}/sign-in", email=ANA, password=PASSWORD)
    assert old.status_code == 422
    new = await other_visitor.post(f"{account}/sign-in", email=ANA, password=NEW_PASSWORD)
    assert new.url.path == DASHBOARD
    [told] = await notices(center, NoticeKind.PASSWORD_CHANGED)
    assert told.data.email == ANA
    assert [e["what"] for e in (await center.account())["history"][:3]] == [
        "signed_in",
        "password_changed",
        "password_reset_asked",
    ]


@pytest.fixture
async def no_tries(stack: Stack) -> AsyncIterator[None]:
    """Nobody has tried anything, before and after: all tests come from one address."""
    await _forget_tries(stack)
    yield
    await _forget_tries(stack)


async def _forget_tries(stack: Stack) -> None:
    async with stack.database.transaction() as tx:
        await tx.run("DELETE FROM sign_in_attempts")


@pytest.mark.usefixtures("no_tries")
async def test_links_are_not_tried_out(visitor: Visitor) -> None:
    guess = "x" * 43
    page = await visitor.get("/reset-password")
    for _ in range(50):
        for path in ("/reset-password", "/verify-email"):
            assert (await visitor.send(page, path, code=guess)).status_code == 409
    for path in ("/reset-password", "/verify-email"):
        assert (await visitor.send(page, path, code=guess)).status_code == 429


async def test_a_link_works_once_and_only_the_newest_does(
    account: str, center: Center, visitor: Visitor
) -> None:
    for _ in range(2):
        await visitor.post(f"{account}/forgot-password", email=ANA)
    old, newest = map(token_of, await notices(center, NoticeKind.RESET_PASSWORD, 2))
    for _ in range(3):
        assert (await visitor.client.head("/reset-password")).status_code == 200
        assert (await visitor.get(f"/reset-password?x={newest[:8]}")).status_code == 200
    dead = await visitor.post("/reset-password", code=old, password=NEW_PASSWORD)
    assert heading_of(dead) == "This link does not work any more"
    assert dead.status_code == 409
    used = await visitor.post("/reset-password", code=f"https://x/#{newest}", password=NEW_PASSWORD)
    assert used.url.path == f"{account}/sign-in"
    again = await visitor.post("/reset-password", code=newest, password=PASSWORD)
    assert again.status_code == 409


async def test_whether_there_is_an_account_shows_neither_in_words_nor_in_time(
    account: str, center: Center, visitor: Visitor
) -> None:
    answers = []
    for email in (ANA, "nobody@sunrise.example"):
        begun = time.monotonic()
        page = await visitor.post(f"{account}/forgot-password", email=email)
        answers.append((page.status_code, page.text.replace(email.split("@")[0], "")))
        assert time.monotonic() - begun > 0.5
    assert _without_tokens(answers[0][1]) == _without_tokens(answers[1][1])
    assert answers[0][0] == answers[1][0] == 200
    await visitor.post(f"{account}/forgot-password", email=ANA)
    found = await notices(center, NoticeKind.RESET_PASSWORD, 2)
    assert {notice.data.email for notice in found} == {ANA}


def _without_tokens(page: str) -> str:
    return "".join(line for line in page.splitlines() if "csrf_token" not in line)


@pytest.mark.parametrize("email", [ANA, "nobody@sunrise.example"])
async def test_a_mailbox_is_not_filled(account: str, visitor: Visitor, email: str) -> None:
    pages = [await visitor.post(f"{account}/forgot-password", email=email) for _ in range(4)]
    assert [page.status_code for page in pages] == [200, 200, 200, 429]


async def test_an_account_that_is_disabled_meanwhile_stays_as_it_is(
    account: str, center: Center, visitor: Visitor, stack: Stack
) -> None:
    await visitor.post(f"{account}/forgot-password", email=ANA)
    [notice] = await notices(center, NoticeKind.RESET_PASSWORD)
    details = await center.account()
    assert (await center.asks("POST", f"/{details['id']}/disable")).is_success
    page = await visitor.post("/reset-password", code=token_of(notice), password=NEW_PASSWORD)
    assert page.status_code == 409
    query = "SELECT count(*) FROM account_events WHERE organization_id = :id AND what = :what"
    assert await stack.rows(query, id=center.id, what="password_changed") == 0
