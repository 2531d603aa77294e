"""The Portal Directory: who is listed, how they stand, and that this is so after every change."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from chassis.database import Database
from contracts.access import (
    AccessEndReason,
    PortalAccessEnded,
    PortalAccessEndedData,
    PortalAccessGranted,
    PortalAccessGrantedData,
    PortalAccessSuspended,
    PortalAccessSuspendedData,
)
from contracts.chart import InviteRequested
from contracts.envelope import Invitee, utc_now
from contracts.scopes import Role
from services.chart_service import directory
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.chart_service.conftest import Center, Tell
from tests.integration.chart_service.news import Invitation
from tests.integration.chart_service.pages import signed_in, token_in
from tests.integration.chart_service.test_invitations import contact

Person = dict[str, Any]


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    """The service's own database."""
    opened = Database(servers.database_url("chart"), 1)
    yield opened
    await opened.close()


async def listed(center: Center, q: str = "", **query: Any) -> list[Person]:
    """Return who is in the directory."""
    if q:
        answer = await center.api.post(f"{center.path}/directory/search", json=query | {"q": q})
    else:
        answer = await center.api.get(f"{center.path}/directory", params=query)
    assert answer.status_code == 200, answer.text
    people: list[Person] = answer.json()["people"]
    return people


async def standing(center: Center, person: str = "p-1") -> tuple[str, str | None]:
    """Return somebody's status and its reason."""
    [found] = [one for one in await listed(center) if one["person"] == person]
    return found["status"], found["reason"]


async def assert_true(center: Center, database: Database) -> None:
    """Assert that making the directory anew, chart by chart, changes nothing in it."""
    before = await _stored(center, database)
    async with database.transaction() as tx:
        charts = {row["chart_id"] for row in before}
        await directory.charts_changed(tx, center.id, charts)
    assert before
    assert await _stored(center, database) == before


async def _stored(center: Center, database: Database) -> list[dict[str, Any]]:
    async with database.transaction() as tx:
        found = await tx.connection.execute(
            text("SELECT * FROM directory_entries WHERE organization_id = :id ORDER BY 2, 3"),
            {"id": center.id},
        )
        return [dict(row._mapping) for row in found]


async def test_everybody_on_the_charts_is_listed_with_the_reason_why_not(center: Center) -> None:
    contacts = [
        contact("Guardian", id="p-2", email=None),
        contact("Friend", id="p-3"),
        contact("Guarantor", id="p-4", ended=True),
        contact("Guardian", id="p-5", email="nowhere"),
    ]
    await center.has_chart(contacts=contacts)
    found = {one["person"]: (one["status"], one["reason"]) for one in await listed(center)}
    assert found == {
        "p-1": ("not_invited", None),
        "p-2": ("not_eligible", "email_missing"),
        "p-3": ("not_eligible", "relationship_not_eligible"),
        "p-4": ("not_eligible", "relationship_ended"),
        "p-5": ("not_eligible", "email_invalid"),
    }
    assert len(await listed(center, status="not_eligible")) == 4
    [ana] = await listed(center, status="not_invited")
    assert (ana["mrn"], ana["email"]) == ("MRN c-1", "ana@sunrise.example")


async def test_people_are_found_by_the_beginning_of_words_and_by_status(center: Center) -> None:
    await center.has_chart(contacts=[contact(family_name="Núñez")])
    await center.has_chart("c-2", given_name="Eva", family_name="Kern", email="eva@kern.example")

    async def found(q: str, **more: Any) -> list[str]:
        return [one["given_name"] for one in await listed(center, q, **more)]

    assert await found("NUN") == ["Luis"]
    assert await found("eva@ke") == ["Eva"]
    assert await found("sunrise an") == ["Ana"]
    assert await found("mrn c-1") == ["Ana", "Luis"]
    assert await found("mrn", status="pending") == []
    assert await found("opez") == []


async def test_a_cursor_leads_through_everybody_once(center: Center) -> None:
    for number in range(5):
        await center.has_chart(f"c-{number}", family_name=f"Lopez {9 - number}")
    cursor, found = "", []
    while cursor is not None:
        answer = await center.api.get(f"{center.path}/directory?limit=2&cursor={cursor}")
        found += [one["family_name"] for one in answer.json()["people"]]
        cursor = answer.json()["next_cursor"]
    assert found == [f"Lopez {number}" for number in range(5, 10)]


async def test_each_step_of_an_invitation_is_the_persons_standing(
    center: Center, tell: Tell, database: Database
) -> None:
    invitee = await center.has_chart()
    first, second = Invitation(invitee), Invitation(invitee, hour=10)
    for step, expected in (
        (first.requested, "pending"),
        (first.sent, "pending"),
        (first.expired, "expired"),
        (second.issued, "pending"),
        (second.bounced, "bounced"),
        (second.revoked, "not_invited"),
    ):
        await tell(step)
        assert (await standing(center))[0] == expected
        await assert_true(center, database)


async def test_access_through_the_portal_is_the_persons_standing(
    center: Center, tell: Tell, database: Database
) -> None:
    invitee = await center.has_chart()
    invitation = Invitation(invitee)
    facts = {"invitation_id": invitation.id, "invitee": invitee, "role": Role.PATIENT}
    account = uuid4()
    granted = PortalAccessGrantedData(account_id=account, scopes=(), **facts)
    suspended = PortalAccessSuspendedData(account_id=account, suspended_at=utc_now(), **facts)
    ended = PortalAccessEndedData(
        account_id=account, reason=AccessEndReason.DISCONNECTED, ended_at=utc_now(), **facts
    )
    await tell(invitation.cleared)
    assert (await standing(center))[0] == "active"
    for event, expected in (
        (PortalAccessGranted.of(granted), "active"),
        (PortalAccessSuspended.of(suspended), "disabled"),
        (PortalAccessEnded.of(ended), "not_invited"),
    ):
        await tell(event)
        assert (await standing(center))[0] == expected
        await assert_true(center, database)


async def test_news_that_comes_before_its_chart_waits_for_it(
    center: Center, tell: Tell, database: Database
) -> None:
    invitee = Invitee(organization=center.id, chart="c-1", person="p-1")
    await tell(Invitation(invitee).sent)
    assert await listed(center) == []
    await center.has_chart()
    assert (await standing(center))[0] == "pending"
    await assert_true(center, database)


async def test_what_changes_on_a_chart_changes_the_standing_of_all_on_it(
    center: Center, database: Database
) -> None:
    await center.has_chart(contacts=[contact()])
    people = f"{center.path}/charts/c-1/people"
    await center.api.patch(f"{people}/p-2", json={"email": None, "family_name": "Zorro"})
    assert await standing(center, "p-2") == ("not_eligible", "email_missing")
    assert [one["person"] for one in await listed(center, "zor")] == ["p-2"]
    assert await listed(center, "luis@") == []
    await assert_true(center, database)
    await center.api.patch(f"{people}/p-1", json={"deceased": True})
    assert await standing(center, "p-2") == ("not_eligible", "patient_deceased")
    await center.api.post(f"{center.path}/charts/c-1/contacts", json=contact(id="p-3"))
    assert await standing(center, "p-3") == ("not_eligible", "patient_deceased")
    await assert_true(center, database)


async def test_settings_reach_everybody_soon(center: Center, database: Database) -> None:
    await center.has_chart()
    await center.opens(portal_enabled=False, age_of_majority=21)
    while await directory.refresh_some(database):
        pass
    # That the portal is off is not each person's affair.
    assert await standing(center) == ("not_invited", None)
    await assert_true(center, database)


async def test_the_page_filters_sorts_and_pages_by_its_address_alone(
    center: Center, browser: httpx.AsyncClient
) -> None:
    await center.has_chart(contacts=[contact(email=None)])
    await signed_in(browser, center)
    page = (await browser.get("/directory?status=not_eligible&sort=changed")).text
    assert "Lopez, Luis" in page
    assert "No e-mail address" in page
    assert "Lopez, Ana" not in page
    for odd in ("status=x", "sort=x", "after=x", "before=%00/y", "after=c-1/nobody", "before=last"):
        assert (await browser.get(f"/directory?{odd}")).status_code == 200
    token = await token_in(browser, "/directory")
    answer = await browser.post("/directory", data={"csrf_token": token, "q": "luis lop"})
    assert "Lopez, Luis" in answer.text
    assert "Lopez, Ana" not in answer.text


async def test_the_export_holds_what_is_filtered_and_no_formula(
    center: Center, browser: httpx.AsyncClient, database: Database
) -> None:
    await center.has_chart(given_name="=cmd|'/c calc'!A1", contacts=[contact(email=None)])
    await signed_in(browser, center)
    form = {"csrf_token": await token_in(browser, "/directory"), "q": "lopez"}
    answer = await browser.post("/directory/export?status=not_invited", data=form)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    header, ana = csv.reader(io.StringIO(answer.text))
    row = dict(zip(header, ana, strict=True))
    assert row["First name"] == "'=cmd|'/c calc'!A1"
    assert (row["Status"], row["E-mail"]) == ("Not invited", "ana@sunrise.example")
    async with database.transaction() as tx:
        acts = await tx.run(
            "SELECT count(*) FROM audit_log WHERE organization_id = :id AND action = :action",
            id=center.id,
            action="directory_exported",
        )
        assert acts.scalar_one() == 1


async def test_a_row_asks_and_answers_in_its_place(
    center: Center, browser: httpx.AsyncClient, events: EventLog
) -> None:
    await center.has_chart()
    await signed_in(browser, center)
    token = await token_in(browser, "/directory")
    path = "/directory/people/c-1/p-1/invite"
    in_place = {"HX-Request": "true"}
    asked = (await browser.get(path, headers=in_place)).text
    assert "ana@sunrise.example" in asked
    assert "<html" not in asked
    form = {"csrf_token": token, "email": "ana@sunrise.example", "invitation_id": str(uuid4())}
    for _ in range(2):
        done = await browser.post(path, data=form, headers=in_place)
        assert "Invitation requested." in done.text
    assert (await standing(center))[0] == "pending"
    without_scripts = await browser.post(path, data=form)
    assert without_scripts.headers["location"] == "/directory?done=requested"
    wrong = await browser.post(path, data=form | {"invitation_id": "x"}, headers=in_place)
    assert "This form was not complete" in wrong.text
    last = await browser.post(path, data=form | {"invitation_id": (key := str(uuid4()))})
    assert last.status_code == 303
    await events.wait_for(InviteRequested, lambda e: e.id == UUID(key))
    assert len(events.of(InviteRequested, lambda e: e.data.invitee.organization == center.id)) == 2
