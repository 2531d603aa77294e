"""Links that do not work, each with its next step; and neighbours that are away."""

from uuid import UUID

import httpx
import pytest

from contracts.envelope import Invitee
from contracts.invitations import InvitationRevoked
from services.portal_access import app as portal_app
from tests.integration.portal_access.stack import (
    DASHBOARD,
    NAME,
    PHONE,
    Center,
    Stack,
    Visitor,
    free_port,
    heading_of,
    serve,
)
from tests.waiting import until

ADDRESS = "ana@sunrise.example"


@pytest.mark.parametrize("code", ["", "not a code", "https://portal.example/accept"])
async def test_what_is_no_code_is_asked_for_again(visitor: Visitor, code: str) -> None:
    page = await visitor.opens_link(code)
    assert page.status_code == 422
    assert "Paste the whole link or code" in page.text


async def test_a_pasted_link_is_as_good_as_its_code(center: Center, visitor: Visitor) -> None:
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    page = await visitor.opens_link(f" https://portal.example/accept#{token}\n")
    assert heading_of(page) == "Create your account"


async def test_an_unknown_link_says_what_to_do_and_nothing_else(visitor: Visitor) -> None:
    page = await visitor.opens_link("A" * 43)
    assert page.status_code == 409
    assert heading_of(page) == "We do not know this link"


async def test_a_superseded_link_points_to_the_newest_mail(
    center: Center, visitor: Visitor
) -> None:
    patient = await center.has_chart("c-1", ADDRESS)
    _, old = await center.invites(patient)
    await center.invites(patient)
    page = await visitor.opens_link(old)
    assert heading_of(page) == "There is a newer invitation"
    assert_names_the_center(page)


async def test_a_revoked_link_says_whom_to_call(center: Center, visitor: Visitor) -> None:
    patient = await center.has_chart("c-1", ADDRESS)
    invitation_id, token = await center.invites(patient)
    await revoked(center, patient, invitation_id)
    page = await visitor.opens_link(token)
    assert heading_of(page) == "This invitation was withdrawn"
    assert_names_the_center(page)


async def test_a_link_that_was_used_leads_to_the_sign_in_page(
    center: Center, visitor: Visitor, other_visitor: Visitor
) -> None:
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    await visitor.accepts(token)
    page = await other_visitor.opens_link(token)
    assert heading_of(page) == "This invitation has been accepted"
    assert f'href="/{center.id}/sign-in"' in page.text


async def test_an_invitation_revoked_while_registering_leaves_nothing_behind(
    center: Center, stack: Stack, visitor: Visitor
) -> None:
    patient = await center.has_chart("c-1", ADDRESS)
    invitation_id, token = await center.invites(patient)
    question = await visitor.opens_link(token)
    await revoked(center, patient, invitation_id)
    page = await visitor.registers(question)
    assert page.status_code == 409
    assert heading_of(page) == "This invitation was withdrawn"
    left = """
        SELECT (SELECT count(*) FROM registrations WHERE organization_id = :id)
            + (SELECT count(*) FROM acceptances WHERE organization_id = :id)
            + (SELECT count(*) FROM accounts WHERE organization_id = :id)
    """
    assert await stack.rows(left, id=center.id) == 0


async def test_one_invitation_opened_on_two_devices_is_accepted_on_one(
    center: Center, visitor: Visitor, other_visitor: Visitor
) -> None:
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    mine, theirs = await visitor.opens_link(token), await other_visitor.opens_link(token)
    assert (await visitor.registers(mine)).url.path == DASHBOARD
    page = await other_visitor.registers(theirs, "another password")
    assert heading_of(page) == "Sign in to accept"
    left = await other_visitor.get("/accept/done")
    assert left.url.path == "/accept/sign-in"


async def test_a_portal_that_was_switched_off_lets_nobody_in(
    center: Center, visitor: Visitor
) -> None:
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    question = await visitor.opens_link(token)
    await center.opens(portal_enabled=False)
    assert heading_of(await visitor.registers(question)).startswith("The patient portal is closed")
    closed = await visitor.opens_link(token)
    assert heading_of(closed).startswith("The patient portal is closed")
    assert "Your invitation is kept" in closed.text
    assert (await visitor.get(f"/{center.id}/sign-in")).status_code == 404


async def test_a_portal_that_is_on_again_lets_in_whom_it_had_invited(
    center: Center, visitor: Visitor
) -> None:
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    await center.opens(portal_enabled=False)
    assert heading_of(await visitor.opens_link(token)).startswith("The patient portal is closed")
    await center.opens()

    async def asks_for_a_password() -> bool:
        return (await visitor.opens_link(token)).url.path == "/accept/register"

    await until(asks_for_a_password)


async def test_without_a_cookie_the_link_must_be_opened_again(stack: Stack) -> None:
    async with httpx.AsyncClient(base_url=stack.portal_url) as client:
        answer = await client.get("/accept/register")
    assert answer.status_code == 409
    assert "Open the link in your e-mail again" in answer.text


async def test_while_invitation_service_is_away_nothing_is_lost(
    center: Center, stack: Stack
) -> None:
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    port, away_port = free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    settings = stack.portal_settings.model_copy(update={"portal_url": url})
    away = settings.model_copy(update={"invitations_url": f"http://127.0.0.1:{away_port}"})
    visitor = Visitor(url)
    async with serve(portal_app.build(away), port):
        page = await visitor.opens_link(token)
        assert page.status_code == 503
        assert "Nothing is lost" in page.text
        assert token in page.text
    async with serve(portal_app.build(settings), port):
        question = await visitor.opens_link(token)
    async with serve(portal_app.build(away), port):
        page = await visitor.registers(question)
        assert page.status_code == 503
        assert "Nothing is lost" in page.text
        page = await visitor.registers(page)
        assert page.status_code == 503
    async with serve(portal_app.build(settings), port):
        assert (await visitor.registers(page)).url.path == DASHBOARD
    assert await center.accounts() == 1
    await visitor.client.aclose()


async def revoked(center: Center, invitee: Invitee, invitation_id: UUID) -> None:
    await center.revokes(invitee)
    await center.stack.events.wait_for(
        InvitationRevoked, lambda event: event.data.invitation_id == invitation_id
    )


def assert_names_the_center(page: httpx.Response) -> None:
    assert page.status_code == 409
    assert NAME in page.text
    assert PHONE in page.text
