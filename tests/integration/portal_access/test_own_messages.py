"""My messages: writing to staff, and what is said when that cannot be."""

import re

import httpx
import pytest

from tests.integration.portal_access.stack import (
    DASHBOARD,
    PHONE,
    Center,
    Visitor,
    csrf_token_in,
    heading_of,
)
from tests.integration.portal_access.staff_pages import staff_of, writes
from tests.waiting import until

MESSAGES = f"{DASHBOARD}/messages"
FORM = f"{MESSAGES}/new"
BODY = "May I take it\nwith food?"


@pytest.fixture
async def patient(center: Center, visitor: Visitor) -> Visitor:
    """A patient who signed in, where messages are on."""
    await center.opens(messages_enabled=True)
    _, token = await center.invites(await center.has_chart("c-1", "ana@sunrise.example"))
    await visitor.accepts(token)

    async def on() -> bool:
        return (await visitor.get(MESSAGES)).status_code == 200

    await until(on)
    return visitor


async def fill_in(page: httpx.Response, visitor: Visitor, **fields: str) -> httpx.Response:
    """Send the message form on a page that is open."""
    found = re.search(r'name="submission" value="([^"]+)"', page.text)
    assert found
    data = {"csrf_token": csrf_token_in(page.text), "submission": found[1]} | fields
    return await visitor.client.post(page.url.path, data=data)


def kim_in(page: httpx.Response) -> str:
    """Return what the form sends for Kim Park."""
    found = re.search(r'<option value="([^"]+)"[^>]*>Kim Park', page.text)
    assert found
    return found[1]


async def test_a_message_goes_to_staff_once(center: Center, patient: Visitor) -> None:
    staff = await staff_of(center)
    form = await patient.get(FORM)
    for _ in range(2):
        sent = await fill_in(form, patient, recipient=kim_in(form), subject="Pill", body=BODY)
        assert "Your message is sent" in sent.text
    assert (await patient.get(MESSAGES)).text.count(">Pill</a>") == 1
    waiting = await staff.get("/messages")
    assert "Messages (1 new)" in waiting.text
    at = re.search(r'href="(/charts/c-1/messages/[^"]+)">Pill', waiting.text)
    assert at
    assert BODY in (await staff.get(at[1])).text
    await staff.client.aclose()


async def test_what_is_wrong_is_said_above_the_form_and_what_was_written_stays(
    center: Center, patient: Visitor
) -> None:
    staff = await staff_of(center)
    form = await patient.get(FORM)
    good = {"recipient": kim_in(form), "body": BODY}
    long = "x" * 10_001
    for fields, sentence in (
        ({"recipient": ""}, "Choose who gets the message"),
        ({"recipient": "somebody"}, "Choose somebody else"),
        ({"body": " \r\n "}, "Write your message"),
        ({"body": long}, "Write a message of at most 10,000 characters"),
        ({"subject": "x" * 201}, "Write a subject of at most 200 characters"),
    ):
        page = await fill_in(form, patient, **good | {"subject": "My subject"} | fields)
        assert page.status_code == 422, sentence
        assert 'class="error-summary"' in page.text
        assert page.text.count(sentence) == 2, sentence  # in the summary and at the field
        assert (fields.get("body", BODY).strip()) in page.text
    assert "No messages" in (await patient.get(MESSAGES)).text
    await staff.client.aclose()


async def test_who_can_write_to_nobody_is_told_to_call(patient: Visitor) -> None:
    page = await patient.get(FORM)
    assert "There is nobody to write to just now" in page.text
    assert page.text.count(PHONE) == 2  # at the top of every page, and here
    assert "<textarea" not in page.text


async def test_a_reply_needs_words_and_brings_an_archived_conversation_back(
    center: Center, patient: Visitor
) -> None:
    staff = await staff_of(center)
    thread = await writes(staff, "p-1", "Results", "They are fine.")
    assert "You have 1 unread message" in (await patient.get(DASHBOARD)).text
    assert "My messages (1 unread)" in (await patient.get(MESSAGES)).text
    page = await patient.get(f"{MESSAGES}/{thread}")
    assert "unread" not in page.text
    empty = await patient.send(page, f"{MESSAGES}/{thread}", submission=thread, body=" ")
    assert (empty.status_code, empty.text.count("Write your message")) == (422, 2)
    archived = await patient.send(page, f"{MESSAGES}/{thread}/archive", archived="yes")
    assert "The conversation is archived" in archived.text
    assert thread not in archived.text
    assert thread in (await patient.get(f"{MESSAGES}/archived")).text
    sent = await patient.send(page, f"{MESSAGES}/{thread}", submission=thread, body="Thanks!")
    assert "Your message is sent" in sent.text
    assert thread in (await patient.get(MESSAGES)).text
    await staff.client.aclose()


async def test_a_form_of_another_site_sends_nothing(center: Center, patient: Visitor) -> None:
    staff = await staff_of(center)
    form = await patient.get(FORM)
    patient.client.headers["Sec-Fetch-Site"] = "cross-site"
    answer = await fill_in(form, patient, recipient=kim_in(form), body=BODY)
    assert answer.status_code == 403
    assert heading_of(await patient.get(MESSAGES)) == "My messages"
    assert "Messages (1 new)" not in (await staff.get("/")).text
    await staff.client.aclose()
