"""`portico dlq` on events that invitation_service could not handle."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from aiokafka import AIOKafkaProducer
from sqlalchemy import text
from typer.testing import CliRunner, Result

from chassis.broker import Broker
from chassis.database import Database
from cli.main import app
from contracts.chart import InviteRequested, InviteRequestedData
from contracts.envelope import Invitee
from contracts.invitations import InvitationIssued, InvitationSuperseded
from contracts.scopes import Role
from services.ops_console import audit, dead_letters, replay_plan, replaying
from services.ops_console.resolving import Decision
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.invitation_service.conftest import Center

INVITES = "chart.invites.v1"
Dlq = Callable[..., Awaitable[Result]]


@pytest.fixture
def dlq(servers: Servers) -> Dlq:
    """The command, as somebody gives it in a script."""
    environment = {"PORTICO_KAFKA_BOOTSTRAP_SERVERS": servers.kafka, "LOGNAME": "ana"}

    async def run(*arguments: str) -> Result:
        invoke = partial(CliRunner().invoke, app, ["dlq", *arguments], env=environment)
        return await asyncio.to_thread(invoke)

    return run


@asynccontextmanager
async def broken(database: Database, table: str, center: Center) -> AsyncIterator[None]:
    """Let nothing of a centre be written into a table, as a mistake in a migration would."""
    constraint = f"broken_{center.id.replace('-', '_')}"
    check = f"CHECK (organization_id <> '{center.id}') NOT VALID"
    await _alter(database, f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {check}")
    try:
        yield
    finally:
        await _alter(database, f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")


async def _alter(database: Database, statement: str) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text(statement))


async def id_of(events: EventLog, topic: str, value: bytes) -> str:
    """Wait until an event is a dead letter; return its id."""
    letter = await events.wait_for_dead_letter(lambda found: value in (found.value or b""))
    assert letter.topic == f"{topic}.dlq"
    return f"{topic}/{letter.partition}/{letter.offset}"


async def failed(center: Center, database: Database, count: int = 1) -> list[tuple[UUID, str]]:
    """Let requests of one patient fail; return their event ids and those of the dead letters."""
    await center.opens()
    patient = await center.has()
    await center.issued(await center.invites(patient))
    async with broken(database, "invitations", center):
        requests = [await center.invites(patient) for _ in range(count)]
        return [
            (request.id, await id_of(center.events, INVITES, str(request.id).encode()))
            for request in requests
        ]


def issued_for(events: EventLog, *requests: UUID) -> list[UUID]:
    """Return the invitations that came of these requests."""
    found = events.of(InvitationIssued, lambda event: event.data.invitation_id in requests)
    return [event.data.invitation_id for event in found]


async def all_before_is_handled(center: Center) -> None:
    """Wait until the patient's partition was read so far."""
    patient = Invitee(organization=center.id, chart="c-1", person="p-1")
    await center.issued(await center.invites(patient))


async def state_of(dlq: Dlq, letter_id: str) -> str:
    """Return how a dead letter stands."""
    shown: dict[str, Any] = json.loads((await dlq("show", letter_id, "--json")).stdout)
    return str(shown["state"])


async def written(servers: Servers, letter_id: str) -> list[tuple[str, str]]:
    """Return what the ops people's audit log says of a dead letter."""
    acts = (await audit.entries(servers.kafka, "cli:ana")).acts
    named = [act.data for act in acts if letter_id in act.data.what.split(", ")]
    return [(data.action.value, data.why) for data in named]


async def test_a_dead_letter_is_found_and_shown_with_its_error(
    center: Center, database: Database, dlq: Dlq
) -> None:
    ((_, letter_id),) = await failed(center, database)
    listed = json.loads((await dlq("list", "--topic", INVITES, "--json")).stdout)
    (found,) = (each for each in listed["dead_letters"] if each["id"] == letter_id)
    assert found["event"] == "InviteRequested"
    assert found["key"] == f"{center.id}/c-1/p-1"
    assert found["state"] == "open"
    (group,) = (each for each in listed["groups"] if each["reason"] == "handler_failed")
    assert group["topic"] == INVITES
    assert group["consumer"] == "invitation_service"
    assert group["open"] >= 1
    assert group["first_at"] <= found["failed_at"] <= group["last_at"]
    shown = json.loads((await dlq("show", letter_id, "--json")).stdout)
    assert "IntegrityError sqlstate=23514" in shown["detail"]
    assert shown["payload"]["data"]["invitee"]["person"] == "p-1"
    assert [step["what"] for step in shown["history"]] == ["failed"]


async def test_people_get_tables_and_no_addresses(
    center: Center, database: Database, dlq: Dlq
) -> None:
    await center.opens()
    patient = await center.has()
    await center.issued(await center.invites(patient))
    async with broken(database, "invitations", center):
        request = await center.invites(patient, email="ana@sunrise.example")
        letter_id = await id_of(center.events, INVITES, str(request.id).encode())
    listed = await dlq("list", "--each", "--all")
    assert letter_id in listed.stdout
    shown = await dlq("show", letter_id)
    assert "(e-mail address)" in shown.stdout
    assert "handler_failed: IntegrityError" in shown.stdout
    assert "ana@" not in listed.stdout + shown.stdout
    unexplained = await dlq("show", letter_id, "--reveal")
    assert unexplained.exit_code == 1
    assert "ana@sunrise.example" not in unexplained.output
    revealed = await dlq("show", letter_id, "--reveal", "--why", "the centre asks")
    assert "ana@sunrise.example" in revealed.stdout


async def test_a_replayed_event_is_handled_once_however_often_it_is_replayed(
    center: Center, database: Database, events: EventLog, servers: Servers, dlq: Dlq
) -> None:
    ((request, letter_id),) = await failed(center, database)
    replayed = await dlq("replay", letter_id, "--why", "the migration is mended")
    assert (replayed.exit_code, replayed.stdout) == (0, "Replayed 1 dead letter.\n")
    await events.wait_for(InvitationIssued, lambda e: e.data.invitation_id == request)
    again = await dlq("replay", letter_id)
    assert again.exit_code == 1
    assert "was replayed by cli:ana at " in again.stderr
    await all_before_is_handled(center)
    assert issued_for(events, request) == [request]
    shown = json.loads((await dlq("show", letter_id, "--json")).stdout)
    assert shown["state"] == "replayed"
    last = shown["history"][-1]
    assert (last["by"], last["detail"]) == ("cli:ana", "the migration is mended")
    assert await written(servers, letter_id) == [("replayed", "the migration is mended")]


async def test_what_is_discarded_is_in_the_audit_log_with_the_reason(
    center: Center, database: Database, servers: Servers, dlq: Dlq
) -> None:
    ((_, letter_id),) = await failed(center, database)
    assert (await dlq("discard", letter_id, "--why", " ")).exit_code == 1
    assert await written(servers, letter_id) == []
    assert (await dlq("discard", letter_id, "--why", "asked for anew")).exit_code == 0
    assert await state_of(dlq, letter_id) == "discarded"
    assert await written(servers, letter_id) == [("discarded", "asked for anew")]


async def test_two_who_replay_at_once_do_no_harm(
    center: Center, database: Database, events: EventLog, servers: Servers
) -> None:
    ((request, letter_id),) = await failed(center, database)
    letters = await dead_letters.read_all(servers.kafka)
    chosen = dead_letters.find(letters, [letter_id])
    plan = await replay_plan.plan(servers.kafka, chosen, letters)
    broker = Broker(servers.kafka)
    for who in ("cli:ana", "cli:ben"):
        await replaying.replay(broker, plan.ready, Decision(who, ""), lambda _count: None)
    await broker.close()
    await all_before_is_handled(center)
    assert issued_for(events, request) == [request]


async def test_a_replay_keeps_the_order_of_a_key(
    center: Center, database: Database, events: EventLog, dlq: Dlq
) -> None:
    (first, older), (second, newer) = await failed(center, database, count=2)
    assert (await dlq("replay", newer, older)).exit_code == 0
    (superseded,) = await events.wait_for(
        InvitationSuperseded, lambda event: event.data.invitation_id in {first, second}
    )
    assert superseded.data.invitation_id == first
    assert superseded.data.superseded_by == second


async def test_what_fails_again_is_a_dead_letter_again_with_its_history(
    center: Center, database: Database, events: EventLog, dlq: Dlq
) -> None:
    ((request, letter_id),) = await failed(center, database)
    async with broken(database, "invitations", center):
        await dlq("replay", letter_id)
        again = await events.wait_for_dead_letter(
            lambda found: (
                str(request).encode() in (found.value or b"")
                and f"{INVITES}/0/{found.offset}" != letter_id
            )
        )
    shown = json.loads((await dlq("show", f"{INVITES}/0/{again.offset}", "--json")).stdout)
    assert shown["state"] == "open"
    assert [step["what"] for step in shown["history"]] == ["failed", "replayed", "failed"]


async def test_a_group_is_replayed_and_others_stay(
    center: Center, database: Database, events: EventLog, dlq: Dlq
) -> None:
    await center.opens()
    patient = await center.has()
    good = InviteRequested.of(InviteRequestedData(invitee=patient, role=Role.PATIENT))
    bad = good.model_dump_json().replace('"patient"', '"sibling"').encode()
    await events.publish_raw(INVITES, patient.key.encode(), bad)
    malformed = await id_of(events, INVITES, bad)
    ((request, letter_id),) = await failed(center, database)
    group = ("--topic", INVITES, "--reason", "handler_failed")
    assert (await dlq("replay", *group)).exit_code == 0
    await events.wait_for(InvitationIssued, lambda e: e.data.invitation_id == request)
    assert await state_of(dlq, letter_id) == "replayed"
    assert await state_of(dlq, malformed) == "open"
    again = await dlq("replay", *group)
    assert (again.exit_code, again.stdout) == (0, "Replayed 0 dead letters.\n")


async def test_a_discarded_dead_letter_keeps_the_reason_and_is_not_replayed(
    center: Center, database: Database, events: EventLog, dlq: Dlq
) -> None:
    ((request, letter_id),) = await failed(center, database)
    unsaid = await dlq("discard", letter_id, "--why", " ")
    assert unsaid.exit_code == 1
    assert "Say why" in unsaid.stderr
    discarded = await dlq("discard", letter_id, "--why", "asked for by telephone")
    assert (discarded.exit_code, discarded.stdout) == (0, "Discarded 1 dead letter.\n")
    shown = json.loads((await dlq("show", letter_id, "--json")).stdout)
    assert shown["state"] == "discarded"
    assert shown["history"][-1]["detail"] == "asked for by telephone"
    assert "was discarded by cli:ana" in (await dlq("replay", letter_id)).stderr
    assert letter_id not in (await dlq("list", "--each")).stdout
    await all_before_is_handled(center)
    assert issued_for(events, request) == []


async def test_one_of_which_only_the_beginning_was_kept_is_refused(
    center: Center, servers: Servers, dlq: Dlq
) -> None:
    huge = f'{{"filler of {center.id}": "'.encode() + b"x" * 3_000_000 + b'"}'
    producer = AIOKafkaProducer(
        bootstrap_servers=servers.kafka, compression_type="gzip", max_request_size=8_000_000
    )
    async with producer:
        await producer.send_and_wait(INVITES, huge, key=b"too/large/here")
    letter_id = await id_of(center.events, INVITES, center.id.encode())
    refused = await dlq("replay", letter_id)
    assert (refused.exit_code, refused.stdout) == (1, "Replayed 0 dead letters.\n")
    assert f"{letter_id}: Only its beginning was kept." in refused.stderr
    assert await state_of(dlq, letter_id) == "open"


async def test_old_news_does_not_take_the_place_of_newer_news(
    center: Center, database: Database, dlq: Dlq
) -> None:
    people = "chart.people.v1"
    await center.opens()
    async with broken(database, "people", center):
        await center.has(email="old@sunrise.example")
        old = await id_of(center.events, people, b"old@sunrise.example")
        patient = await center.has(chart="c-2", email="only@sunrise.example")
        only = await id_of(center.events, people, b"only@sunrise.example")
    newer = await center.has(email="new@sunrise.example")
    refused = await dlq("replay", old, only)
    assert (refused.exit_code, refused.stdout) == (1, "Replayed 1 dead letter.\n")
    assert f"{old}: A newer event of its key is on {people}" in refused.stderr
    for invitee in (patient, newer):
        await center.issued(await center.invites(invitee))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("show", f"{INVITES}/0/999999"), f"There is no dead letter {INVITES}/0/999999."),
        (("replay", "nonsense"), "There is no dead letter nonsense."),
        (("replay",), "Say which"),
        (("replay", "--all", "--reason", "malformed"), "Say which"),
    ],
)
async def test_a_mistake_is_said_in_a_sentence(
    dlq: Dlq, arguments: tuple[str, ...], sentence: str
) -> None:
    result = await dlq(*arguments)
    assert result.exit_code == 1
    assert sentence in result.stderr
