"""Messages of portal users: one's own, kept once, answered and put away."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from contracts.scopes import Role
from services.chart_service.throttle import MOST_MESSAGES
from tests.integration.chart_service.access_calls import CONTACTS, Calls
from tests.integration.chart_service.conftest import Center
from tests.integration.chart_service.pages import sent, signed_in
from tests.integration.chart_service.portal import Portal

QUESTION = "May I take it with food?"
PATIENT, GUARDIAN = Role.PATIENT, Role.GUARDIAN


@pytest.fixture
async def calls(
    center: Center, stranger: httpx.AsyncClient, browser: httpx.AsyncClient, portal: Portal
) -> Calls:
    """A chart of an organisation with messages on, and Kim Park, to whom one can write."""
    await center.opens(messages_enabled=True)
    await signed_in(browser, center, "admin")
    await center.has_chart(contacts=CONTACTS)
    return Calls(center, stranger, portal)


async def recipients(calls: Calls) -> list[dict[str, str]]:
    found: list[dict[str, str]] = (await calls.get(PATIENT, "/message-recipients")).json()
    return found


async def begin(calls: Calls, role: Role = PATIENT, **changes: Any) -> httpx.Response:
    [staff] = await recipients(calls)
    body = {"recipient": staff["id"], "body": QUESTION, "submission": str(uuid4())} | changes
    return await calls.send(role, "POST", "/messages", **body)


async def begun(calls: Calls, role: Role = PATIENT, **changes: Any) -> str:
    answer = await begin(calls, role, **changes)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def reply(
    calls: Calls, thread: str, role: Role = PATIENT, body: str = "Thanks", form: str | None = None
) -> httpx.Response:
    path = f"/messages/{thread}/replies"
    return await calls.send(role, "POST", path, body=body, submission=form or str(uuid4()))


async def listed(calls: Calls, role: Role = PATIENT, which: str = "threads") -> list[Any]:
    found: list[Any] = (await calls.get(role, "/messages")).json()[which]
    return found


async def test_staff_who_get_messages_are_there_by_name_alone(calls: Calls) -> None:
    [staff] = await recipients(calls)
    assert set(staff) == {"id", "name"}
    assert staff["name"] == "Kim Park"


async def test_a_conversation_is_the_senders_and_nobody_elses(calls: Calls) -> None:
    thread = await begun(calls, subject="The new pill")
    read = (await calls.get(PATIENT, f"/messages/{thread}")).json()
    assert (read["subject"], read["recipient"]) == ("The new pill", "Kim Park")
    assert [one["body"] for one in read["messages"]] == [QUESTION]
    assert [one["id"] for one in await listed(calls)] == [thread]
    assert await listed(calls, GUARDIAN) == []
    missing = await calls.get(GUARDIAN, f"/messages/{uuid4()}")
    for answer in (
        await calls.get(GUARDIAN, f"/messages/{thread}"),
        await reply(calls, thread, GUARDIAN),
        await calls.send(GUARDIAN, "PUT", f"/messages/{thread}/archived", archived=True),
    ):
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert len((await calls.get(PATIENT, f"/messages/{thread}")).json()["messages"]) == 1


async def test_a_form_sent_twice_is_kept_once_and_other_words_in_it_are_not_lost(
    calls: Calls,
) -> None:
    form = str(uuid4())
    thread = await begun(calls, submission=form)
    assert await begun(calls, submission=form) == thread
    assert await begun(calls, GUARDIAN, submission=form) != thread
    assert await begun(calls, submission=form, body="And with milk?") != thread
    assert len(await listed(calls)) == 2
    for _ in range(2):
        await reply(calls, thread, form=form)
    assert len((await calls.get(PATIENT, f"/messages/{thread}")).json()["messages"]) == 2


async def test_archived_conversations_are_apart_and_come_back_with_a_message(
    calls: Calls,
) -> None:
    thread = await begun(calls)
    for archived, where in ((True, "archived"), (False, "threads"), (True, "archived")):
        path = f"/messages/{thread}/archived"
        answer = await calls.send(PATIENT, "PUT", path, archived=archived)
        assert answer.status_code == 204
        assert [one["id"] for one in await listed(calls, which=where)] == [thread]
    await reply(calls, thread)
    assert [one["id"] for one in await listed(calls)] == [thread]


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": " \n "},
        {"body": "x" * 10_001},
        {"body": "a\x00b"},
        {"subject": "x" * 201},
        {"subject": "two\nlines"},
        {"recipient": str(uuid4())},
        {"submission": "mine"},
    ],
)
async def test_what_cannot_be_kept_is_refused(calls: Calls, wrong: dict[str, Any]) -> None:
    assert (await begin(calls, **wrong)).status_code == 422
    assert await listed(calls) == []


async def test_who_gets_no_messages_any_more_is_no_recipient_but_gets_replies(
    calls: Calls, browser: httpx.AsyncClient
) -> None:
    thread = await begun(calls)
    [staff] = await recipients(calls)
    user = f"/users/{staff['id']}"
    assert (await sent(browser, user, user, name="Kim Park", role="admin")).status_code == 303
    assert await recipients(calls) == []
    new = {"recipient": staff["id"], "body": "x", "submission": str(uuid4())}
    assert (await calls.send(PATIENT, "POST", "/messages", **new)).status_code == 422
    answer = await reply(calls, thread)
    assert answer.status_code == 201
    assert "Messages (2 new)" in (await browser.get("/")).text


async def test_many_messages_in_a_short_time_are_slowed_down_for_that_account(
    calls: Calls,
) -> None:
    for _ in range(MOST_MESSAGES):
        await begun(calls)
    refused = await begin(calls)
    assert refused.status_code == 429
    assert len(await listed(calls)) == MOST_MESSAGES
    await begun(calls, GUARDIAN)


async def test_messages_that_are_switched_off_are_nowhere(calls: Calls) -> None:
    thread = await begun(calls)
    await calls.center.opens(messages_enabled=False)
    for path in ("/messages", f"/messages/{thread}", "/message-recipients"):
        assert (await calls.get(PATIENT, path)).status_code == 403
    assert "unread_messages" not in (await calls.get(PATIENT, "/dashboard")).json()
