"""What administrators do to accounts: disable, enable, disconnect, change the address."""

import json
from uuid import UUID, uuid4

import httpx
import pytest
from joserfc.jwk import OKPKey

from chassis.security.seal import Seal
from chassis.security.service_calls import Signer
from contracts.access import (
    AccessEndReason,
    NoticeKind,
    NoticeRequested,
    PortalAccessEnded,
    PortalAccessResumed,
    PortalAccessSuspended,
)
from tests.integration.invitation_service.conftest import SEAL_KEY
from tests.integration.portal_access.stack import (
    NAME,
    PASSWORD,
    PHONE,
    Center,
    Stack,
    Visitor,
    heading_of,
    is_signed_in,
)

ANA = "ana@sunrise.example"
NEW = "Ana.Lopez@sunrise.example"
ACTOR = "staff:s-7"


@pytest.fixture
async def account(account: str, center: Center) -> UUID:
    """An account that is connected to one chart and signed in."""
    del account
    return UUID((await center.account())["id"])


async def notices(center: Center, kind: NoticeKind, count: int = 1) -> list[NoticeRequested]:
    return await center.stack.events.wait_for(
        NoticeRequested,
        lambda event: event.data.organization == center.id and event.data.kind is kind,
        count,
    )


def token_of(notice: NoticeRequested) -> str:
    assert notice.data.sealed_token
    return Seal(SEAL_KEY).open(notice.data.sealed_token, bound_to=notice.id)


async def test_an_account_is_found_with_its_charts_and_history(
    center: Center, account: UUID, stack: Stack
) -> None:
    for q, status, total in (
        ("ANA@", None, 1),
        ("sunrise", "active", 1),
        ("", "disabled", 0),
        ("bob", None, 0),
    ):
        answer = await center.asks("POST", "/search", {"q": q, "status": status})
        assert answer.json()["total"] == total, q
    details = await center.account("ana@")
    assert (details["email"], details["is_active"]) == (ANA, True)
    assert details["last_sign_in_at"]
    [connection] = details["connections"]
    assert (connection["chart"], connection["person"], connection["role"]) == (
        "c-1",
        "p-1",
        "patient",
    )
    history = [(line["what"], line["actor"]) for line in details["history"]]
    own = f"portal:{account}"
    assert history == [("signed_in", own), ("connected", own), ("created", own)]
    other = Center(stack)
    assert (await other.asks("POST", "/search", {})).json()["total"] == 0
    for method, path in (("GET", ""), ("POST", "/disable"), ("POST", "/enable")):
        assert (await other.asks(method, f"/{account}{path}")).status_code == 404


async def test_a_disabled_account_is_out_at_once_and_in_again_when_enabled(
    center: Center, account: UUID, visitor: Visitor
) -> None:
    for _ in range(2):
        assert (await center.asks("POST", f"/{account}/disable")).status_code == 204
    assert heading_of(await visitor.get("/")) == "Sign in to your patient portal"
    path = f"/{center.id}/sign-in"
    wrong = await visitor.post(path, email=ANA, password="not the password")
    assert "The e-mail address or the password is not right" in wrong.text
    assert "disabled" not in wrong.text
    right = await visitor.post(path, email=ANA, password=PASSWORD)
    assert right.status_code == 403
    assert f"This account is disabled. Call {NAME} at {PHONE}" in right.text
    events = center.stack.events
    [suspended] = await events.wait_for(
        PortalAccessSuspended, lambda event: event.data.account_id == account
    )
    assert suspended.data.suspended_by == ACTOR
    for _ in range(2):
        assert (await center.asks("POST", f"/{account}/enable")).status_code == 204
    assert is_signed_in(await visitor.post(path, email=ANA, password=PASSWORD))
    [resumed] = await events.wait_for(
        PortalAccessResumed, lambda event: event.data.account_id == account
    )
    assert resumed.data.invitee == suspended.data.invitee
    history = (await center.account())["history"]
    assert [line["what"] for line in history[:3]] == ["signed_in", "enabled", "disabled"]
    assert history[2]["actor"] == ACTOR


async def test_a_disabled_account_gets_a_chart_but_not_in(
    center: Center, account: UUID, visitor: Visitor, other_visitor: Visitor
) -> None:
    await center.asks("POST", f"/{account}/disable")
    _, token = await center.invites(await center.has_chart("c-2", ANA))
    question = await other_visitor.opens_link(token)
    path = question.url.raw_path.decode()
    refused = await other_visitor.send(question, path, password=PASSWORD)
    assert refused.status_code == 403
    assert "This account is disabled" in refused.text
    del visitor


async def test_a_chart_is_taken_away_and_the_session_sees_it_at_once(
    center: Center, account: UUID, visitor: Visitor
) -> None:
    assert "Ana Lopez" in (await visitor.get("/")).text
    body = {"chart": "c-1", "role": "patient"}
    assert (await center.asks("POST", f"/{account}/disconnect", body)).status_code == 204
    page = await visitor.get("/")
    assert "Ana Lopez" not in page.text
    assert "No chart is connected to your account" in page.text
    assert (await center.asks("POST", f"/{account}/disconnect", body)).status_code == 404
    [ended] = await center.stack.events.wait_for(
        PortalAccessEnded, lambda event: event.data.account_id == account
    )
    assert ended.data.reason is AccessEndReason.DISCONNECTED
    assert ended.data.ended_by == ACTOR
    details = await center.account()
    assert details["connections"] == []
    line = details["history"][0]
    assert (line["what"], line["reason"], line["chart"]) == ("disconnected", "disconnected", "c-1")


async def test_a_new_address_counts_once_it_is_verified(
    center: Center, account: UUID, visitor: Visitor, other_visitor: Visitor
) -> None:
    path = f"/{account}/email-change"
    assert (await center.asks("POST", f"{path}/resend")).status_code == 409
    first = await center.asks("POST", path, {"email": NEW})
    assert first.json()["email"] == NEW
    again = await center.asks("POST", f"{path}/resend")
    assert again.json()["expires_at"] >= first.json()["expires_at"]
    old, newest = await notices(center, NoticeKind.VERIFY_EMAIL, 2)
    assert (newest.data.email, newest.data.given_name) == (NEW, "Ana")
    assert is_signed_in(await visitor.get("/"))
    superseded = await other_visitor.post("/verify-email", code=token_of(old))
    assert heading_of(superseded) == "This link does not work any more"
    for _ in range(3):
        assert (await other_visitor.get("/verify-email")).status_code == 200
    page = await other_visitor.post("/verify-email", code=f"http://x/#{token_of(newest)}")
    assert page.url.path == f"/{center.id}/sign-in"
    assert "Your e-mail address is verified" in page.text
    used = await other_visitor.post("/verify-email", code=token_of(newest))
    assert used.status_code == 409
    [told] = await notices(center, NoticeKind.EMAIL_CHANGED)
    assert (told.data.email, told.data.sealed_token) == (ANA, None)
    assert heading_of(await visitor.get("/")) == "Sign in to your patient portal"
    sign_in = f"/{center.id}/sign-in"
    assert (await visitor.post(sign_in, email=ANA, password=PASSWORD)).status_code == 422
    assert is_signed_in(await visitor.post(sign_in, email=NEW, password=PASSWORD))
    details = await center.account()
    assert (details["email"], details["email_change"]) == (NEW, None)
    what = {line["what"] for line in details["history"]}
    assert {"email_change_asked", "email_changed"} <= what
    assert "@" not in json.dumps(details["history"])


async def test_an_address_that_is_taken_is_refused_now_and_at_the_verification(
    center: Center, account: UUID, other_visitor: Visitor, stack: Stack
) -> None:
    path = f"/{account}/email-change"
    unchanged = await center.asks("POST", path, {"email": ANA.upper()})
    assert unchanged.json()["type"] == "urn:portico:problem:email_unchanged"
    await center.asks("POST", path, {"email": NEW})
    [notice] = await notices(center, NoticeKind.VERIFY_EMAIL)
    _, token = await center.invites(await center.has_chart("c-2", NEW))
    await other_visitor.accepts(token)
    taken = await center.asks("POST", path, {"email": NEW})
    assert (taken.status_code, taken.json()["type"]) == (409, "urn:portico:problem:email_taken")
    page = await other_visitor.post("/verify-email", code=token_of(notice))
    assert page.status_code == 409
    assert heading_of(page) == "This address belongs to another account"
    assert PHONE in page.text
    addresses = "SELECT count(*) FROM accounts WHERE id = :id AND email = :email"
    assert await stack.rows(addresses, id=account, email=ANA) == 1


async def test_a_link_that_is_too_old_verifies_nothing(
    center: Center, account: UUID, visitor: Visitor, stack: Stack
) -> None:
    await center.asks("POST", f"/{account}/email-change", {"email": NEW})
    [notice] = await notices(center, NoticeKind.VERIFY_EMAIL)
    async with stack.database.transaction() as tx:
        await tx.run(
            "UPDATE email_changes SET expires_at = :now WHERE account_id = :id",
            now=tx.now,
            id=account,
        )
    page = await visitor.post("/verify-email", code=token_of(notice))
    assert heading_of(page) == "This link does not work any more"
    assert (await visitor.post("/verify-email", code="short")).status_code == 422
    assert (await center.account())["email"] == ANA


async def test_nobody_else_asks_for_accounts(center: Center, stack: Stack) -> None:
    async def status(token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=stack.portal_url, headers=headers) as client:
            return (await client.post("/api/v1/accounts/search", json={})).status_code

    claims = {"organization": center.id, "actor": ACTOR}
    stranger = json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True))
    assert await status(stack.chart_signer.sign("portal_access", **claims)) == 200
    assert await status("made up") == 401
    assert await status(stack.chart_signer.sign("notification_service", **claims)) == 401
    assert await status(Signer("chart_service", stranger).sign("portal_access", **claims)) == 401
    assert await status(stack.chart_signer.sign("portal_access")) == 403
    assert (await center.asks("GET", f"/{uuid4()}")).status_code == 404
