"""`portico trace`: a story is found by the invitation, by an event of it, or by the person."""

import asyncio
import json
from functools import partial
from typing import Any
from uuid import uuid4

from typer.testing import CliRunner, Result

from cli.main import app
from tests.infrastructure import Servers
from tests.integration.invitation_service.conftest import Center


async def trace(servers: Servers, id_: str, *options: str) -> Result:
    """Give the command."""
    environment = {"PORTICO_KAFKA_BOOTSTRAP_SERVERS": servers.kafka}
    invoke = partial(CliRunner().invoke, app, ["trace", id_, *options], env=environment)
    return await asyncio.to_thread(invoke)


async def stories(servers: Servers, id_: str) -> list[dict[str, Any]]:
    """Return the stories as programs get them."""
    found: list[dict[str, Any]] = json.loads((await trace(servers, id_, "--json")).stdout)[
        "invitations"
    ]
    return found


async def test_a_story_is_found_by_the_invitation_by_an_event_of_it_and_by_the_person(
    center: Center, servers: Servers
) -> None:
    await center.opens()
    patient = await center.has()
    request = await center.invites(patient, email="ana@sunrise.example")
    issued = await center.issued(request)
    found = [await stories(servers, id_) for id_ in (str(request.id), str(issued.id), patient.key)]
    ((story,), by_event, by_person) = found
    assert by_event == by_person == [story]
    assert story["invitation_id"] == str(request.id)
    assert story["invitee"] == patient.key
    assert [event["type"] for event in story["events"]] == ["InviteRequested", "InvitationIssued"]
    assert story["events"][1]["seconds_since_previous"] > 0
    assert story["late"] == []
    shown = await trace(servers, patient.key)
    assert shown.exit_code == 0
    assert "InvitationIssued" in shown.stdout
    assert "ana@" not in shown.stdout + json.dumps(story)


async def test_a_person_has_a_story_for_each_invitation(center: Center, servers: Servers) -> None:
    await center.opens()
    patient = await center.has()
    requests = [await center.invites(patient) for _ in range(2)]
    await center.issued(requests[1])
    await center.revokes(patient)
    found = await stories(servers, patient.key)
    assert [story["invitation_id"] for story in found] == [*(str(r.id) for r in requests), None]
    assert found[0]["events"][-1]["type"] == "InvitationSuperseded"


async def test_what_nobody_has_heard_of_is_said(servers: Servers) -> None:
    nobody = str(uuid4())
    result = await trace(servers, nobody)
    assert result.exit_code == 1
    assert f"No event is about {nobody}." in result.stderr
