"""What portal users write waits in sight of staff until somebody has read it."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from contracts.access import PortalAccessGranted, PortalAccessGrantedData
from contracts.chart import MessageSent
from contracts.scopes import Role
from tests.event_log import EventLog
from tests.integration.chart_service.access_calls import CONTACTS, Calls
from tests.integration.chart_service.conftest import PASSWORD, Center, Tell, _client
from tests.integration.chart_service.pages import sent, signed_in, token_in
from tests.integration.chart_service.portal import Portal

QUESTION = "May I take it with food?"
SUBJECT = "The new pill"
NEW = "Messages (1 new)"


@pytest.fixture
async def calls(
    center: Center, stranger: httpx.AsyncClient, browser: httpx.AsyncClient, portal: Portal
) -> Calls:
    """A chart of an organisation with messages on; Kim Park has signed in."""
    await center.opens(messages_enabled=True)
    await signed_in(browser, center, "admin")
    await center.has_chart(contacts=CONTACTS)
    return Calls(center, stranger, portal)


@pytest.fixture
async def colleague(calls: Calls, service: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Bo Lind, in a browser of his own."""
    bo = {"name": "Bo Lind", "email": f"bo@{calls.center.id}.example", "password": PASSWORD}
    await calls.center.api.post(f"{calls.center.path}/staff", json=bo | {"role": "staff"})
    async with _client(service, {"Accept": "text/html"}) as window:
        form = bo | {"csrf_token": await token_in(window, "/sign-in")}
        assert (await window.post("/sign-in", data=form)).status_code == 303
        yield window


async def writes(calls: Calls, to: str = "Kim Park") -> str:
    """Let the patient write to a member of staff; return where the chart has it."""
    people = (await calls.get(Role.PATIENT, "/message-recipients")).json()
    [staff] = [one["id"] for one in people if one["name"] == to]
    body = {"recipient": staff, "subject": SUBJECT, "body": QUESTION, "submission": str(uuid4())}
    answer = await calls.send(Role.PATIENT, "POST", "/messages", **body)
    return f"/charts/c-1/messages/{answer.json()['id']}"


async def test_a_message_waits_for_its_addressee_until_it_is_read(
    calls: Calls, browser: httpx.AsyncClient, colleague: httpx.AsyncClient
) -> None:
    at = await writes(calls)
    waiting = (await browser.get("/messages")).text
    assert NEW in waiting
    assert f'href="{at}">{SUBJECT}' in waiting
    assert QUESTION not in waiting
    assert NEW in (await browser.get("/charts/c-1")).text
    for _ in range(2):
        assert QUESTION in (await colleague.get(at)).text
    assert NEW not in (await colleague.get("/")).text
    assert at in (await colleague.get("/messages")).text
    assert NEW not in (await browser.get(at)).text
    for window in (browser, colleague):
        page = (await window.get("/messages")).text
        assert at not in page
        assert "No new messages for you" in page


async def test_who_answers_has_read_it_for_all(
    calls: Calls,
    browser: httpx.AsyncClient,
    colleague: httpx.AsyncClient,
    tell: Tell,
    events: EventLog,
) -> None:
    patient = await calls.center.has_chart(contacts=CONTACTS)
    granted = PortalAccessGrantedData(
        invitee=patient,
        invitation_id=uuid4(),
        role=Role.PATIENT,
        account_id=uuid4(),
        scopes=("dashboard",),
    )
    await tell(PortalAccessGranted.of(granted))
    at = await writes(calls)
    assert NEW in (await browser.get("/")).text
    answer = await sent(colleague, at, at, body="Yes, with food.", letter_id=str(uuid4()))
    assert answer.status_code == 303
    assert NEW not in (await browser.get("/")).text
    await events.wait_for(MessageSent, lambda e: e.data.invitee == patient, count=1)
    news = (await calls.get(Role.PATIENT, "/dashboard")).json()["unread_messages"]
    thread = (await calls.get(Role.PATIENT, f"/messages/{at.rpartition('/')[2]}")).json()
    assert (news, thread["unread"]) == (1, 0)
    assert [one["name"] for one in thread["messages"]] == [None, "Bo Lind"]


async def test_what_was_written_to_somebody_who_is_gone_waits_for_everybody(
    calls: Calls, browser: httpx.AsyncClient, colleague: httpx.AsyncClient
) -> None:
    at = await writes(calls, to="Bo Lind")
    assert NEW in (await colleague.get("/")).text
    assert NEW not in (await browser.get("/")).text
    people = (await calls.get(Role.PATIENT, "/message-recipients")).json()
    [bo] = [one["id"] for one in people if one["name"] == "Bo Lind"]
    path = f"/users/{bo}/deactivation"
    assert (await sent(browser, "/", path)).status_code == 303
    assert NEW in (await browser.get("/")).text
    assert QUESTION in (await browser.get(at)).text
    assert NEW not in (await browser.get("/")).text


async def test_messages_of_another_organization_are_not_there(
    calls: Calls, browser: httpx.AsyncClient, colleague: httpx.AsyncClient, center: Center
) -> None:
    del browser
    at = await writes(calls)
    other = Center(center.api, f"{center.id}-2")
    await other.opens(messages_enabled=True)
    await other.has_staff()
    await sent(colleague, "/", "/sign-out")
    form = {"email": other.staff_email, "password": PASSWORD}
    form["csrf_token"] = await token_in(colleague, "/sign-in")
    await colleague.post("/sign-in", data=form)
    assert at not in (await colleague.get("/messages")).text
    assert (await colleague.get(at)).status_code == 404


async def test_the_audit_log_says_who_wrote_and_read_and_not_what(
    calls: Calls, browser: httpx.AsyncClient
) -> None:
    thread = (await writes(calls)).rpartition("/")[2]
    await calls.get(Role.PATIENT, f"/messages/{thread}")
    await calls.send(Role.PATIENT, "PUT", f"/messages/{thread}/archived", archived=True)
    for action in ("message_sent", "messages_viewed", "messages_archived"):
        log = f"/audit-log.csv?chart=c-1&action={action}"
        [noted] = (await browser.get(log)).text.splitlines()[1:]
        assert f"portal:{calls.center.id}-patient" in noted
        assert thread in noted
    page = (await browser.get("/audit-log?chart=c-1")).text
    assert SUBJECT not in page
    assert QUESTION not in page


async def test_the_list_is_not_there_when_messages_are_off(
    calls: Calls, browser: httpx.AsyncClient
) -> None:
    await writes(calls)
    await calls.center.opens(messages_enabled=False)
    assert (await browser.get("/messages")).status_code == 409
    assert 'href="/messages"' not in (await browser.get("/")).text
