"""From the link in the mail to the dashboard."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from chassis.security.tokens import hash_of
from contracts.envelope import Invitee, utc_now
from contracts.invitations import InvitationAccepted, InvitationAcceptedData
from contracts.scopes import Role, scopes_of
from services.portal_access import acceptance, queries
from services.portal_access.models import Acceptance, Registration
from tests.integration.portal_access.stack import (
    DASHBOARD,
    NAME,
    PASSWORD,
    Center,
    Stack,
    Visitor,
    heading_of,
)
from tests.waiting import until


async def test_a_new_person_registers_and_sees_their_chart(
    center: Center, visitor: Visitor
) -> None:
    patient = await center.has_chart("c-1", "Ana@Sunrise.example")
    invitation_id, token = await center.invites(patient)
    question = await visitor.opens_link(token)
    assert heading_of(question) == "Create your account"
    assert NAME in question.text
    assert "to see your own chart" in question.text
    assert "Ana@" in question.text
    assert await center.accounts() == 0
    page = await visitor.registers(question)
    assert page.url.path == DASHBOARD
    assert "Your own chart" in page.text
    assert "Ana Lopez" in page.text
    granted = await center.granted(invitation_id)
    assert granted.data.scopes == scopes_of(Role.PATIENT)
    assert await center.accounts() == 1


async def test_the_link_consumes_nothing_however_often_a_scanner_fetches_it(
    center: Center, stack: Stack, visitor: Visitor
) -> None:
    _, token = await center.invites(await center.has_chart("c-1", "ana@sunrise.example"))
    async with httpx.AsyncClient(base_url=stack.portal_url) as scanner:
        for _ in range(20):
            for method in ("GET", "HEAD"):
                answer = await scanner.request(method, f"/accept#{token}")
                assert answer.status_code == 200
                assert NAME not in answer.text
    assert (await visitor.accepts(token)).url.path == DASHBOARD


async def test_the_page_keeps_the_link_from_referrers_and_caches(stack: Stack) -> None:
    async with httpx.AsyncClient(base_url=stack.portal_url) as client:
        answer = await client.get("/accept")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in answer.headers["content-security-policy"]


async def test_no_account_exists_before_the_terms_are_accepted(
    center: Center, visitor: Visitor
) -> None:
    _, token = await center.invites(await center.has_chart("c-1", "ana@sunrise.example"))
    question = await visitor.opens_link(token)
    path = question.url.raw_path.decode()
    refused = await visitor.send(question, path, password=PASSWORD)
    assert refused.status_code == 422
    assert "Agree to the terms" in refused.text
    weak = await visitor.send(refused, path, password="password1", terms="yes")
    assert weak.status_code == 422
    assert "very common" in weak.text
    assert await center.accounts() == 0
    assert (await visitor.registers(weak)).url.path == DASHBOARD


async def test_a_person_with_an_account_signs_in_and_gets_the_second_chart(
    center: Center, visitor: Visitor, other_visitor: Visitor
) -> None:
    _, first = await center.invites(await center.has_chart("c-1", "ana@sunrise.example"))
    await visitor.accepts(first)
    await center.has_chart("c-2", "kid@sunrise.example", given_name="Kim")
    guardian = await center.has_guardian("c-2", "ANA@sunrise.example")
    invitation_id, second = await center.invites(guardian)
    question = await other_visitor.opens_link(second)
    assert heading_of(question) == "Sign in to accept"
    path = question.url.raw_path.decode()
    wrong = await other_visitor.send(question, path, password="not the password")
    assert wrong.status_code == 422
    page = await other_visitor.send(wrong, path, password=PASSWORD)
    assert page.url.path == "/"
    assert "You are the guardian" in page.text
    assert "Your own chart" in page.text
    assert (await center.granted(invitation_id)).data.scopes == scopes_of(Role.GUARDIAN)
    assert await center.accounts() == 1


async def test_a_guardian_reads_by_first_name_alone_whose_chart_it_is(
    center: Center, visitor: Visitor
) -> None:
    await center.has_chart("c-2", "kid@sunrise.example", given_name="Kim", preferred_name="Kiki")
    _, token = await center.invites(await center.has_guardian("c-2", "rosa@sunrise.example"))

    async def says_whose() -> bool:
        return "to see the chart of Kim." in (await visitor.opens_link(token)).text

    await until(says_whose)
    page = await visitor.get("/accept/register")
    assert "Lopez" not in page.text
    assert "Kiki" not in page.text


async def test_a_signed_in_person_accepts_with_one_button(center: Center, visitor: Visitor) -> None:
    _, first = await center.invites(await center.has_chart("c-1", "ana@sunrise.example"))
    await visitor.accepts(first)
    _, second = await center.invites(await center.has_chart("c-2", "ana@sunrise.example"))
    question = await visitor.opens_link(second)
    assert heading_of(question) == "Accept your invitation"
    assert 'type="password"' not in question.text
    page = await visitor.send(question, question.url.raw_path.decode())
    assert page.url.path == "/"
    assert page.text.count("Your own chart") == 2


async def test_a_preferred_name_is_not_shown_to_a_guardian(
    center: Center, visitor: Visitor
) -> None:
    await center.has_chart("c-1", "kid@sunrise.example", given_name="Kim", preferred_name="Kiki")
    _, token = await center.invites(await center.has_guardian("c-1", "rosa@sunrise.example"))
    page = await visitor.accepts(token)
    assert "Kim Lopez" in page.text
    assert "Kiki" not in page.text
    assert "My appointments" in page.text


async def test_a_connection_that_takes_long_is_waited_for_without_a_second_registration(
    center: Center, stack: Stack, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acceptance, "WAIT_SECONDS", 0.2)
    event = await redeemed_but_not_heard_of(center, stack, "a visitor's name")
    visitor.client.cookies.set("portico_acceptance", "a visitor's name")
    for path in ("/accept/register", "/accept/sign-in", "/accept/done"):
        page = await visitor.get(path)
        assert heading_of(page) == "Almost done"
        assert page.headers["refresh"] == "3"
    await stack.events.publish(event)
    await center.granted(event.data.invitation_id)
    assert (await visitor.get("/accept/done")).url.path == DASHBOARD


async def redeemed_but_not_heard_of(
    center: Center, stack: Stack, visitor: str
) -> InvitationAccepted:
    """Stand where the redemption succeeded and its event is still on its way."""
    data = InvitationAcceptedData(
        invitee=Invitee(organization=center.id, chart="c-1", person="p-1"),
        invitation_id=uuid4(),
        role=Role.PATIENT,
        redemption_id=uuid4(),
        account_id=uuid4(),
        accepted_at=utc_now(),
    )
    who: dict[str, Any] = {"email": "ana@sunrise.example", "email_key": "ana@sunrise.example"}
    async with stack.database.transaction() as tx:
        begun = Acceptance(
            redemption_id=data.redemption_id,
            visitor_hash=hash_of(visitor),
            sealed_token=None,
            account_id=data.account_id,
            invitation_id=data.invitation_id,
            organization_id=center.id,
            chart_id=data.invitee.chart,
            person_id=data.invitee.person,
            role=data.role,
            created_at=tx.now,
            **who,
        )
        await queries.acceptances.begin_acceptance(tx, begun, None)
        registration = Registration(
            redemption_id=data.redemption_id,
            account_id=data.account_id,
            organization_id=center.id,
            password_hash="of some password",
            terms_accepted_at=tx.now,
            created_at=tx.now,
            **who,
        )
        await queries.acceptances.keep_registration(tx, registration)
    return InvitationAccepted.of(data)
