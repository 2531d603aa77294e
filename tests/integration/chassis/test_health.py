"""Health and metrics of a service say what is so, on a real Kafka and PostgreSQL."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from math import isnan
from pathlib import Path
from uuid import uuid4

import httpx
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from chassis import telemetry
from chassis.broker import Broker
from chassis.database import Transaction
from chassis.lag import caught_up
from chassis.readings import outbox_of
from chassis.service import Parts, assemble
from chassis.settings import ServiceSettings
from chassis.web.app import Task, create_app
from chassis.web.health import Check
from contracts.chart import InviteRequested, PersonChanged
from contracts.topics import CHART_PEOPLE
from devstack.infrastructure import Infrastructure
from tests.event_log import EventLog
from tests.integration.chassis.conftest import POISON, SECRET, Center, database_at, send
from tests.waiting import until

PATIENCE = 60


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")


async def scrape(app: FastAPI) -> dict[tuple[str, str], float]:
    """Return each sample by its name and its labels' values, in the order of the labels."""
    async with client_of(app) as client:
        text = (await client.get("/metrics")).text
    return {
        (sample.name, " ".join(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def ready(app: FastAPI) -> dict[str, str]:
    """Return what keeps a service from being ready."""
    async with client_of(app) as client:
        answer = await client.get("/health/ready")
    checks: dict[str, str] = answer.json()["checks"]
    assert answer.status_code == (200 if set(checks.values()) == {"ok"} else 503)
    return {name: said for name, said in checks.items() if said != "ok"}


class Stuck:
    """A handler that comes to no end until it is let go."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()

    async def handle(self, _events: list[PersonChanged], _tx: Transaction) -> None:
        await self.let_go.wait()


@asynccontextmanager
async def stuck_service(
    infrastructure: Infrastructure, stuck: Stuck
) -> AsyncIterator[tuple[Parts, FastAPI]]:
    """Run a service whose only handler is stuck; it shares no group with another."""
    settings = ServiceSettings(
        database_url=infrastructure.postgres.url("chassis"),
        kafka_bootstrap_servers=infrastructure.kafka.bootstrap_servers,
    )
    parts = assemble(f"stuck_{uuid4().hex[:6]}", settings, {PersonChanged: stuck.handle})
    checks: dict[str, Check] = {"consumer": parts.consumer.progress.problem}
    tasks: dict[str, Task] = {"consumer": parts.consumer.run}
    app = create_app("stuck", Path(), tasks, checks, parts.closers())
    app.state.readings = parts.readings()
    async with app.router.lifespan_context(app):
        try:
            yield parts, app
        finally:
            stuck.let_go.set()


async def test_a_consumer_that_is_behind_and_does_not_move_is_not_ready_until_it_does(
    infrastructure: Infrastructure, broker: Broker, center: Center
) -> None:
    stuck = Stuck()
    async with stuck_service(infrastructure, stuck) as (parts, app):
        parts.consumer.progress.patience_seconds = 0.3

        async def is_stuck() -> bool:
            return "none handled" in (await ready(app)).get("consumer", "")

        async def is_well() -> bool:
            return await ready(app) == {}

        await send(broker, [center.changed(1, 1)])
        await until(is_stuck)
        assert (await scrape(app))["portico_consumer_lag_events", ""] >= 1
        async with client_of(app) as client:
            assert (await client.get("/health/live")).status_code == 200
        stuck.let_go.set()
        await until(is_well)


async def test_a_consumer_with_nothing_to_do_is_ready(
    infrastructure: Infrastructure, broker: Broker, center: Center
) -> None:
    stuck = Stuck()
    stuck.let_go.set()
    async with stuck_service(infrastructure, stuck) as (parts, app):
        parts.consumer.progress.patience_seconds = 0
        await send(broker, [center.changed(1, 1)])
        assert await caught_up(broker.bootstrap_servers, parts.name, [CHART_PEOPLE], 60)
        for _ in range(3):
            assert await ready(app) == {}


async def test_the_outbox_is_measured_by_its_events_and_the_age_of_the_oldest(
    infrastructure: Infrastructure, center: Center
) -> None:
    async with database_at(infrastructure.postgres.url("measured")) as database:
        async with database.transaction() as tx:
            old = center.requested(1, 1)
            tx.publish(old.model_copy(update={"time": tx.now - timedelta(minutes=5)}))
            tx.publish(center.requested(1, 2))
        app = create_app("an_outbox", Path(), {}, {}, [])
        app.state.readings = [outbox_of(database)]
        found = await scrape(app)
    assert found["portico_outbox_events", ""] == 2
    assert 300 <= found["portico_outbox_oldest_age_seconds", ""] < 330


async def test_what_cannot_be_looked_up_is_not_known_and_hides_nothing_else(
    infrastructure: Infrastructure,
) -> None:
    async with database_at(infrastructure.postgres.url("no_such_database")) as database:
        checks: dict[str, Check] = {"database": lambda: database.problem(None)}
        app = create_app("no_database", Path(), {}, checks, [])
        app.state.readings = [outbox_of(database)]
        found = await scrape(app)
    assert isnan(found["portico_outbox_events", ""])
    assert found["portico_check_passing", "database"] == 0


async def test_dead_letters_and_handled_events_are_counted_and_in_no_label_is_a_persons_data(
    service: Parts, log: EventLog, center: Center
) -> None:
    app = create_app("a_service", Path(), {}, {}, [])
    app.state.readings = service.readings()
    before = await scrape(app)
    await log.publish(center.changed(1, POISON), center.changed(2, 1))
    await log.wait_for(InviteRequested, center.owns)
    await log.wait_for_dead_letter(lambda found: found.key == center.invitee(1).key.encode())
    given_up = ("portico_dead_letters_total", "handler_failed chart.people.v1")

    async def counted() -> bool:
        return (await scrape(app)).get(given_up, 0) > before.get(given_up, 0)

    await until(counted)
    found = await scrape(app)
    handled = ("portico_consumer_handler_seconds_count", "PersonChanged")
    assert found[handled] > before.get(handled, 0)
    assert found["portico_consumer_progress_timestamp_seconds", ""] > 0
    async with client_of(app) as client:
        text = (await client.get("/metrics")).text
    assert SECRET not in text
    assert center.id not in text


async def test_a_dead_letters_log_line_is_in_the_trace_of_its_message(
    service: Parts, log: EventLog, center: Center
) -> None:
    del service
    bad = center.changed(1, 1).model_dump(mode="json") | {"time": "yesterday"}
    bad["traceparent"] = f"00-{(trace := uuid4().hex)}-00f067aa0ba902b7-01"
    with capture_logs([telemetry.add_trace]) as lines:
        await log.publish_raw("chart.people.v1", b"key", json.dumps(bad).encode())
        await log.wait_for_dead_letter(lambda found: trace.encode() in (found.value or b""))

        async def logged() -> bool:
            return any(line["event"] == "dead letter" for line in lines)

        await until(logged)
    (line,) = [line for line in lines if line["event"] == "dead letter"]
    assert line["trace_id"] == trace
