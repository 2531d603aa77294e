"""Where the organisation wants it, who accepts an invitation gives the patient's date of birth."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from contracts.access import InvitationLocked, LockReason
from services.portal_access import app as portal_app
from tests.integration.portal_access.stack import (
    DASHBOARD,
    PASSWORD,
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
BORN = "1990-04-12"
RIGHT = {"month": "4", "day": "12", "year": "1990"}
WRONG = {"month": "12", "day": "4", "year": "1990"}
QUESTION = "One question first"


@pytest.fixture
async def careful(center: Center) -> Center:
    """A centre that wants the date of birth to be asked for."""
    await center.checks_birth_dates()
    return center


async def test_wrong_twice_then_right_leads_on(careful: Center, visitor: Visitor) -> None:
    _, token = await careful.invites(await careful.has_chart("c-1", ADDRESS, birth_date=BORN))
    page = await visitor.opens_link(token)
    assert heading_of(page) == QUESTION
    assert "Your date of birth" in page.text
    for more in (4, 3):
        page = await gives(visitor, page, **WRONG)
        assert page.status_code == 422
        assert f"You can try {more} more times" in page.text
    page = await gives(visitor, page, **RIGHT)
    assert heading_of(page) == "Create your account"
    assert (await visitor.registers(page)).url.path == DASHBOARD


@pytest.mark.parametrize(
    "nonsense", [{}, {"month": "2", "day": "30", "year": "1990"}, RIGHT | {"year": "90"}]
)
async def test_what_is_no_date_is_no_try(
    careful: Center, stack: Stack, visitor: Visitor, nonsense: dict[str, str]
) -> None:
    invitation_id, token = await careful.invites(
        await careful.has_chart("c-1", ADDRESS, birth_date=BORN)
    )
    page = await gives(visitor, await visitor.opens_link(token), **nonsense)
    assert page.status_code == 422
    assert "all four digits of the year" in page.text
    assert await tries(stack, invitation_id) == 0


async def test_a_guardian_is_asked_for_the_patients_date_of_birth(
    careful: Center, visitor: Visitor
) -> None:
    await careful.has_chart("c-1", "kid@sunrise.example", given_name="Kim", birth_date="2019-04-12")
    guardian = await careful.has_guardian("c-1", "rosa@sunrise.example", birth_date="1990-04-12")
    _, token = await careful.invites(guardian)

    async def names_the_patient() -> bool:
        return "Kim's date of birth" in (await visitor.opens_link(token)).text

    await until(names_the_patient)
    own = await gives(visitor, await visitor.get("/accept/birth-date"), **RIGHT)
    assert own.status_code == 422
    page = await gives(visitor, own, **RIGHT | {"year": "2019"})
    assert heading_of(page) == "Create your account"


async def test_the_question_cannot_be_skipped(
    careful: Center, visitor: Visitor, other_visitor: Visitor
) -> None:
    _, first = await careful.invites(await careful.has_chart("c-1", ADDRESS, birth_date=BORN))
    page = await visitor.opens_link(first)
    assert heading_of(await visitor.get("/accept/done")) == QUESTION
    for path in ("/accept/register", "/accept/sign-in"):
        assert heading_of(await visitor.get(path)) == QUESTION
        form = {"password": PASSWORD, "terms": "yes"}
        assert heading_of(await visitor.send(page, path, **form)) == QUESTION
    assert await careful.accounts() == 0
    # Nor by an answer that somebody else gave.
    await gives(visitor, page, **RIGHT)
    assert heading_of(await visitor.get("/accept/register")) == "Create your account"
    page = await other_visitor.opens_link(first)
    assert heading_of(page) == QUESTION


async def test_an_account_that_is_there_is_asked_too(careful: Center, visitor: Visitor) -> None:
    _, first = await careful.invites(await careful.has_chart("c-1", ADDRESS, birth_date=BORN))
    await visitor.registers(await gives(visitor, await visitor.opens_link(first), **RIGHT))
    _, second = await careful.invites(await careful.has_chart("c-2", ADDRESS, birth_date=BORN))
    page = await visitor.opens_link(second)
    assert heading_of(page) == QUESTION
    page = await gives(visitor, page, **RIGHT)
    assert heading_of(page) == "Accept your invitation"
    page = await visitor.send(page, page.url.raw_path.decode())
    assert page.text.count("Your own chart") == 2


async def test_five_wrong_dates_lock_all_links_until_a_new_invitation(
    careful: Center, stack: Stack, visitor: Visitor, other_visitor: Visitor
) -> None:
    patient = await careful.has_chart("c-1", ADDRESS, birth_date=BORN)
    invitation_id, token = await careful.invites(patient)
    page, others = await visitor.opens_link(token), await other_visitor.opens_link(token)
    for _ in range(5):
        page = await gives(visitor, page, **WRONG)
    assert heading_of(page) == "This link is locked"
    assert PHONE in page.text
    assert "Ask for a new invitation" in page.text
    assert heading_of(await gives(other_visitor, others, **RIGHT)) == "This link is locked"
    assert heading_of(await other_visitor.opens_link(token)) == "This link is locked"
    [alert] = await locked(careful, invitation_id, LockReason.BIRTH_DATE_WRONG)
    assert "wrong five times" in alert["message"]
    told = await visitor.send(page, f"/accept/ask?invitation={invitation_id}")
    assert heading_of(told).startswith("We have told")
    await careful.hears_of_asking(invitation_id)
    _, newer = await careful.invites(patient)
    page = await gives(visitor, await visitor.opens_link(newer), **RIGHT)
    assert (await visitor.registers(page)).url.path == DASHBOARD
    assert len(stack.events.of(InvitationLocked, lambda e: e.data.invitee == patient)) == 1


async def test_ten_guesses_at_once_are_ten_guesses(
    careful: Center, stack: Stack, visitor: Visitor
) -> None:
    patient = await careful.has_chart("c-1", ADDRESS, birth_date=BORN)
    invitation_id, token = await careful.invites(patient)
    page = await visitor.opens_link(token)
    guesses = (gives(visitor, page, **WRONG | {"year": str(1950 + n)}) for n in range(10))
    pages = await asyncio.gather(*guesses)
    assert {heading_of(one) for one in pages} <= {QUESTION, "This link is locked"}
    assert heading_of(await visitor.opens_link(token)) == "This link is locked"
    assert await tries(stack, invitation_id) == 5
    await locked(careful, invitation_id, LockReason.BIRTH_DATE_WRONG)
    compared = "SELECT count(*) FROM audit_log WHERE organization_id = :id AND action = :what"
    assert await careful.chart_rows(compared, what="birth_date_checked") == 5


@pytest.mark.parametrize(("seconds_ago", "heading"), [(0, QUESTION), (60, "This link is locked")])
async def test_a_last_try_under_way_may_be_right_until_it_is_plain_that_it_got_lost(
    careful: Center, stack: Stack, visitor: Visitor, seconds_ago: int, heading: str
) -> None:
    patient = await careful.has_chart("c-1", ADDRESS, birth_date=BORN)
    invitation_id, token = await careful.invites(patient)
    page = await visitor.opens_link(token)
    async with stack.database.transaction() as tx:
        tried_at = tx.now - timedelta(seconds=seconds_ago)
        statement = "INSERT INTO birth_date_tries VALUES (:id, 5, :tried_at)"
        await tx.run(statement, id=invitation_id, tried_at=tried_at)
    assert heading_of(await gives(visitor, page, **RIGHT)) == heading


async def test_without_a_date_on_file_the_link_locks_and_the_staff_hear_of_it(
    careful: Center, visitor: Visitor
) -> None:
    invitation_id, token = await careful.invites(await careful.has_chart("c-1", ADDRESS))
    page = await gives(visitor, await visitor.opens_link(token), **RIGHT)
    assert heading_of(page) == "This invitation cannot be checked"
    assert PHONE in page.text
    [alert] = await locked(careful, invitation_id, LockReason.BIRTH_DATE_MISSING)
    assert "Enter it, then resend" in alert["message"]


async def test_while_chart_service_is_away_no_try_is_counted(careful: Center, stack: Stack) -> None:
    invitation_id, token = await careful.invites(
        await careful.has_chart("c-1", ADDRESS, birth_date=BORN)
    )
    port = free_port()
    urls = {"portal_url": f"http://127.0.0.1:{port}", "emr_url": f"http://127.0.0.1:{free_port()}"}
    visitor = Visitor(urls["portal_url"])
    async with serve(portal_app.build(stack.portal_settings.model_copy(update=urls)), port):
        page = await gives(visitor, await visitor.opens_link(token), **WRONG)
    assert page.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert "Nothing is lost" in page.text
    assert await tries(stack, invitation_id) == 0
    await visitor.client.aclose()


async def test_no_date_of_birth_leaves_the_chart(
    careful: Center, stack: Stack, visitor: Visitor
) -> None:
    _, token = await careful.invites(await careful.has_chart("c-1", ADDRESS, birth_date=BORN))
    await gives(visitor, await visitor.opens_link(token), **RIGHT)
    passed = [one for of_type in stack.events.by_type.values() for one in of_type]
    assert not [one for one in passed if BORN in one.model_dump_json()]


async def gives(visitor: Visitor, page: httpx.Response, **parts: str) -> httpx.Response:
    """Answer the question for the date of birth."""
    return await visitor.send(page, page.url.raw_path.decode(), **parts)


async def tries(stack: Stack, invitation_id: UUID) -> int:
    query = "SELECT coalesce(sum(tries), 0) FROM birth_date_tries WHERE invitation_id = :id"
    return await stack.rows(query, id=invitation_id)


async def locked(center: Center, invitation_id: UUID, reason: LockReason) -> list[dict[str, str]]:
    """Wait until it is known that the links are locked; return the facesheet's alerts."""
    [event] = await center.stack.events.wait_for(
        InvitationLocked, lambda event: event.data.invitation_id == invitation_id
    )
    assert event.data.reason is reason

    async def heard() -> bool:
        return [alert["state"] for alert in await center.alerts()] == ["locked"]

    await until(heard)
    return await center.alerts()
