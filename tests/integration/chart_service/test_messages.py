"""Messages: staff write to people with an active account, and a mail says only that."""

import re
from uuid import uuid4

import httpx
import pytest

from contracts.access import PortalAccessGranted, PortalAccessGrantedData
from contracts.chart import MessageSent
from contracts.envelope import Invitee
from contracts.scopes import Role
from tests.event_log import EventLog
from tests.integration.chart_service.conftest import Center, Tell
from tests.integration.chart_service.pages import signed_in, token_in

SECRET = "Your test came back fine."


def granted(invitee: Invitee) -> PortalAccessGranted:
    return PortalAccessGranted.of(
        PortalAccessGrantedData(
            invitee=invitee,
            invitation_id=uuid4(),
            role=Role.PATIENT,
            account_id=uuid4(),
            scopes=("dashboard",),
        )
    )


@pytest.fixture
async def patient(center: Center, browser: httpx.AsyncClient) -> Invitee:
    """A patient whose organisation uses messages, and staff who signed in."""
    await center.opens(messages_enabled=True)
    await signed_in(browser, center)
    return await center.has_chart()


async def write(browser: httpx.AsyncClient, **changes: str) -> httpx.Response:
    """Send the form by which a message is written."""
    form = {"person": "p-1", "subject": "Results", "body": SECRET, "letter_id": str(uuid4())}
    form["csrf_token"] = await token_in(browser, "/charts/c-1")
    return await browser.post("/charts/c-1/messages/new", data=form | changes)


async def test_a_message_is_sent_once_and_its_event_says_nothing_of_it(
    browser: httpx.AsyncClient, patient: Invitee, tell: Tell, events: EventLog
) -> None:
    await tell(granted(patient))
    letter = str(uuid4())
    for _ in range(2):
        answer = await write(browser, letter_id=letter)
        assert answer.status_code == 303, answer.text
    found = await events.wait_for(MessageSent, lambda e: e.data.invitee == patient, count=1)
    assert str(found[0].data.message_id) == letter
    assert SECRET not in found[0].model_dump_json()
    listed = (await browser.get("/charts/c-1/messages")).text
    assert listed.count(f"/charts/c-1/messages/{letter}") == 1
    page = (await browser.get(f"/charts/c-1/messages/{letter}")).text
    assert re.search(SECRET, page)
    assert "Kim Park" in page


async def test_who_has_no_active_account_cannot_be_written_to(
    browser: httpx.AsyncClient, patient: Invitee
) -> None:
    del patient
    answer = await write(browser)
    assert answer.status_code == 422
    assert "There is nobody to write to" in answer.text


async def test_a_reply_is_sent_and_an_archived_conversation_comes_back_with_it(
    browser: httpx.AsyncClient, patient: Invitee, tell: Tell, events: EventLog
) -> None:
    await tell(granted(patient))
    thread = str(uuid4())
    await write(browser, letter_id=thread)
    form = {"csrf_token": await token_in(browser, "/charts/c-1"), "archived": "yes"}
    at = f"/charts/c-1/messages/{thread}"
    assert (await browser.post(f"{at}/archive", data=form)).status_code == 303
    assert thread not in (await browser.get("/charts/c-1/messages")).text
    assert thread in (await browser.get("/charts/c-1/messages?archived=true")).text
    form |= {"body": "One more thing.", "letter_id": str(uuid4())}
    assert (await browser.post(at, data=form)).status_code == 303
    assert thread in (await browser.get("/charts/c-1/messages")).text
    await events.wait_for(MessageSent, lambda e: e.data.invitee == patient, count=2)
    empty = await browser.post(at, data=form | {"body": " "})
    assert empty.status_code == 422


async def test_messages_of_another_organization_and_messages_that_are_off_are_not_shown(
    browser: httpx.AsyncClient, center: Center, patient: Invitee
) -> None:
    assert (await browser.get(f"/charts/c-1/messages/{uuid4()}")).status_code == 404
    del patient
    await center.opens(messages_enabled=False)
    assert (await browser.get("/charts/c-1/messages")).status_code == 409
    assert "/charts/c-1/messages" not in (await browser.get("/charts/c-1")).text
