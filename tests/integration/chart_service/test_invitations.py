"""Asking for invitations through the API: what is requested, and what is refused at once."""

import asyncio
import re
from typing import Any
from uuid import UUID, uuid4, uuid5

import httpx
import pytest

from contracts.chart import InviteRequested, RevokeRequested
from tests.event_log import EventLog
from tests.integration.chart_service.conftest import Center
from tests.integration.chart_service.pages import sent, signed_in

HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')


def contact(relationship: str = "Guardian", **changes: Any) -> dict[str, Any]:
    """Return a contact whom mail reaches."""
    fields = {"id": "p-2", "given_name": "Luis", "family_name": "Lopez"}
    return fields | {"relationship": relationship, "email": "luis@sunrise.example"} | changes


@pytest.mark.parametrize(
    ("person", "role"), [("p-1", "patient"), ("p-2", "guardian"), ("p-3", "guarantor")]
)
async def test_an_invitation_is_requested_and_stands_on_the_facesheet_at_once(
    center: Center, events: EventLog, person: str, role: str
) -> None:
    await center.has_chart(contacts=[contact(), contact("Guarantor", id="p-3")])
    answer = await center.invites(person)
    assert answer.status_code == 202
    invitation_id = answer.json()["invitation_id"]
    [alert] = (await center.chart())["alerts"]
    assert (alert["invitation_id"], alert["person"]) == (invitation_id, person)
    assert (alert["role"], alert["state"]) == (role, "requested")
    [request] = await events.wait_for(InviteRequested, lambda e: str(e.id) == invitation_id)
    assert request.data.role == role
    assert request.data.email == ("ana" if person == "p-1" else "luis") + "@sunrise.example"


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (contact("Friend"), "relationship_not_eligible"),
        (contact(email=None), "email_missing"),
        (contact(email="luis@nowhere"), "email_invalid"),
        (contact(ended=True), "relationship_ended"),
    ],
)
async def test_a_contact_who_cannot_be_invited_is_refused_with_the_reason(
    center: Center, who: dict[str, Any], code: str
) -> None:
    await center.has_chart(contacts=[who])
    answer = await center.invites("p-2")
    assert answer.status_code == 409
    assert answer.json()["type"] == f"urn:portico:problem:{code}"
    assert answer.json()["detail"].endswith(".")
    assert (await center.chart())["alerts"] == []


async def test_nobody_is_invited_to_the_chart_of_a_deceased_patient(center: Center) -> None:
    await center.has_chart(deceased=True, contacts=[contact()])
    for person in ("p-1", "p-2"):
        answer = await center.invites(person)
        assert answer.json()["type"].endswith(":patient_deceased")


async def test_nobody_is_invited_while_the_portal_is_off(center: Center) -> None:
    await center.opens(portal_enabled=False)
    await center.has_chart()
    assert (await center.invites()).json()["type"].endswith(":portal_off")


async def test_an_address_that_changed_since_it_was_confirmed_gets_no_invitation(
    center: Center,
) -> None:
    await center.has_chart()
    old = await center.invites(email="old@sunrise.example")
    assert old.status_code == 409
    assert old.json()["type"].endswith(":email_changed")
    assert (await center.invites(email="ana@sunrise.example")).status_code == 202


async def test_the_same_request_again_asks_for_no_second_invitation(
    center: Center, events: EventLog
) -> None:
    invitee = await center.has_chart()
    key = str(uuid4())
    sent_twice = await asyncio.gather(center.invites(key=key), center.invites(key=key))
    # A retry is the same request, whatever has become of the address in between.
    retried = await center.invites(key=f'"{key}"', email="old@sunrise.example")
    first = str(uuid5(UUID(key), center.id))
    for answer in (*sent_twice, retried):
        assert (answer.status_code, answer.json()) == (202, {"invitation_id": first})
    assert [alert["invitation_id"] for alert in (await center.chart())["alerts"]] == [first]
    last = (await center.invites()).json()["invitation_id"]
    await events.wait_for(InviteRequested, lambda e: str(e.id) == last)
    requested = events.of(InviteRequested, lambda e: e.data.invitee == invitee)
    assert [str(event.id) for event in requested] == [first, last]


async def test_a_key_that_two_organizations_use_asks_for_two_invitations(
    center: Center, events: EventLog
) -> None:
    other = Center(center.api, f"{center.id}-2")
    await other.opens()
    key = str(uuid4())
    ids = []
    for each in (center, other):
        await each.has_chart()
        ids.append((await each.invites(key=key)).json()["invitation_id"])
    assert len(set(ids)) == 2
    await events.wait_for(InviteRequested, lambda e: str(e.id) in ids, count=2)


async def test_a_key_invites_one_person_only(center: Center) -> None:
    await center.has_chart(contacts=[contact()])
    key = str(uuid4())
    both = await asyncio.gather(center.invites(key=key), center.invites("p-2", key=key))
    assert sorted(answer.status_code for answer in both) == [202, 409]
    [refused] = [answer for answer in both if answer.status_code == 409]
    assert refused.json()["type"] == "urn:portico:problem:idempotency_key_reused"


@pytest.mark.parametrize("key", ["1", "no uuid", '"'])
async def test_a_key_that_is_no_uuid_is_refused(center: Center, key: str) -> None:
    await center.has_chart()
    answer = await center.invites(key=key)
    assert answer.status_code == 422
    assert (await center.chart())["alerts"] == []


async def test_the_key_is_described(center: Center) -> None:
    paths = (await center.api.get("/openapi.json")).json()["paths"]
    [invite] = [path["post"] for name, path in paths.items() if name.endswith("/invitations")]
    [key] = [each for each in invite["parameters"] if each["in"] == "header"]
    assert (key["name"].lower(), key["required"]) == ("idempotency-key", False)
    assert "idempotency-key</code>" in (await center.api.get("/docs/people")).text


async def test_pressing_the_button_twice_sends_one_invitation(
    center: Center, browser: httpx.AsyncClient
) -> None:
    await center.has_chart()
    await signed_in(browser, center)
    path = "/charts/c-1/people/p-1/invite"
    form = dict(HIDDEN.findall((await browser.get(path)).text))
    pressed = await asyncio.gather(browser.post(path, data=form), browser.post(path, data=form))
    assert [answer.status_code for answer in pressed] == [303, 303]
    [alert] = (await center.chart())["alerts"]
    assert alert["invitation_id"] == form["invitation_id"]
    form["invitation_id"] = "tampered with"
    assert (await browser.post(path, data=form)).status_code == 422


async def test_a_friend_is_not_invited_by_a_form_that_no_page_offers(
    center: Center, browser: httpx.AsyncClient
) -> None:
    await center.has_chart(contacts=[contact("Friend")])
    await signed_in(browser, center)
    path = "/charts/c-1/people/p-2/invite"
    asked = await browser.get(path)
    assert "This person cannot be invited" in asked.text
    assert f'action="{path}"' not in asked.text
    forged = {"email": "luis@sunrise.example", "invitation_id": str(uuid4())}
    refused = await sent(browser, "/", path, **forged)
    assert refused.status_code == 409
    assert "Only the patient, a guardian or a guarantor can be invited." in refused.text
    assert (await center.chart())["alerts"] == []


async def test_a_revocation_is_requested_for_the_persons_role(
    center: Center, events: EventLog
) -> None:
    invitee = await center.has_chart(contacts=[contact(), contact("Friend", id="p-3")])
    path = f"{center.path}/charts/c-1/people"
    answer = await center.api.post(f"{path}/p-2/revocation")
    assert answer.status_code == 202
    [request] = await events.wait_for(
        RevokeRequested, lambda e: str(e.id) == answer.json()["request_id"]
    )
    assert request.data.role == "guardian"
    assert request.data.invitee.chart_key == invitee.chart_key
    assert (await center.api.post(f"{path}/p-3/revocation")).status_code == 409
