"""Spans are made only where they are exported, hold nobody's data, and disturb nothing."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from chassis import spans, telemetry
from chassis.security.service_calls import ServiceClient
from chassis.span_export import Export
from chassis.traces import Traces
from chassis.web.app import create_app
from cli.waiting import wait_for
from devstack.ports import free_port
from tests.span_receiver import ReceivedSpan, SpanReceiver

SECRET = "ana.secret@sunrise.example"
TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SAMPLED, UNSAMPLED = f"00-{TRACE}-{CALLER}-01", f"00-{TRACE}-{CALLER}-00"


@pytest.fixture
def receiver() -> Iterator[SpanReceiver]:
    with SpanReceiver() as opened:
        yield opened


async def request(path: str, traceparent: str | None = None) -> None:
    """Ask an app of two routes, of which one fails."""
    app = create_app("a_service", Path(), {}, {}, [])
    inner, outer = APIRouter(), APIRouter(prefix="/people/{person}")

    @inner.get("/mails/{mail}")
    async def found(mail: str) -> str:
        return mail

    @inner.post("/mails/{mail}")
    async def failing(mail: str) -> str:
        raise ValueError(mail)

    outer.include_router(inner)
    app.include_router(outer)
    headers = {"traceparent": traceparent} if traceparent else {}
    method = "POST" if path.endswith("!") else "GET"
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        await client.request(method, path, headers=headers)


async def spans_of_request(
    receiver: SpanReceiver, path: str, traceparent: str | None = None
) -> list[ReceivedSpan]:
    with closing(Export("a_service", receiver.endpoint)):
        await request(path, traceparent)
    return receiver.spans


def count(method: str, route: str, status: str) -> float:
    """Return how many such requests were measured."""
    labels = {"method": method, "route": route, "status": status}
    return REGISTRY.get_sample_value("portico_http_request_seconds_count", labels) or 0.0


async def test_a_request_is_a_span_below_its_callers_without_what_was_asked_for(
    receiver: SpanReceiver,
) -> None:
    path = f"/people/{SECRET}/mails/{SECRET}?q={SECRET}"
    [span] = await spans_of_request(receiver, path, SAMPLED)
    assert span.name == "GET /people/{person}/mails/{mail}"
    assert (span.service, span.kind, span.failed) == ("a_service", "SERVER", False)
    assert (span.trace, span.parent) == (TRACE, CALLER)
    assert SECRET.encode() not in b"".join(receiver.bodies)


async def test_a_request_that_fails_says_how_and_not_on_what(receiver: SpanReceiver) -> None:
    with capture_logs():
        [span] = await spans_of_request(receiver, f"/people/p-1/mails/{SECRET}!", SAMPLED)
    assert (span.failed, span.said) == (True, "ValueError")
    assert span.attributes["http.response.status_code"] == "500"
    assert SECRET.encode() not in b"".join(receiver.bodies)


@pytest.mark.parametrize("path", ["/health/live", "/static/portico.css", "/metrics"])
async def test_health_metrics_and_files_leave_no_span(receiver: SpanReceiver, path: str) -> None:
    assert await spans_of_request(receiver, path) == []


async def test_a_trace_that_is_not_sampled_leaves_no_span_and_goes_on_as_such(
    receiver: SpanReceiver,
) -> None:
    assert await spans_of_request(receiver, "/people/p-1/mails/m-1", UNSAMPLED) == []
    with closing(Export("a_service", receiver.endpoint)):
        telemetry.continue_trace(UNSAMPLED)
        with spans.calling("work"):
            current = telemetry.current_traceparent() or ""
    assert current.split("-")[1::2] == [TRACE, "00"]
    assert receiver.spans == []


async def test_what_nobody_asked_for_begins_a_trace_as_the_sampler_says(
    receiver: SpanReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    telemetry.leave_trace()
    with closing(Export("a_service", receiver.endpoint)):
        begun = Traces().of("sunrise/c-1/p-1")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    with closing(Export("a_service", receiver.endpoint)):
        unsampled = Traces().of("sunrise/c-1/p-1")
    assert [span.traceparent for span in receiver.spans] == [begun]
    assert telemetry.valid_traceparent(unsampled)
    assert unsampled.endswith("-00")


async def test_a_call_is_a_span_and_the_callee_is_told_of_it(receiver: SpanReceiver) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(503)

    transport = httpx.MockTransport(answer)
    telemetry.continue_trace(SAMPLED)
    async with ServiceClient(base_url="http://callee", transport=transport) as client:
        with closing(Export("a_service", receiver.endpoint)):
            await client.get(f"/people/{SECRET}")
        await client.get("/")
    [span] = receiver.spans
    assert [each.headers["traceparent"] for each in asked] == [span.traceparent, SAMPLED]
    assert (span.name, span.kind, span.parent) == ("GET", "CLIENT", CALLER)
    assert span.failed
    assert telemetry.current_traceparent() == SAMPLED
    assert SECRET.encode() not in b"".join(receiver.bodies)


def test_a_collector_that_is_away_disturbs_nothing_and_is_told_of_once() -> None:
    endpoint = f"http://127.0.0.1:{free_port(0, [])}"
    began = time.monotonic()
    with capture_logs() as lines, closing(Export("a_service", endpoint)):
        for _ in range(3000):
            with suppress(ValueError), spans.calling("work"):
                raise ValueError(SECRET)
    assert time.monotonic() - began < 10
    assert len(lines) <= 1
    assert SECRET not in str(lines)


def lost(reason: str) -> float:
    """Return how many spans were counted as lost."""
    return REGISTRY.get_sample_value("portico_spans_lost_total", {"reason": reason}) or 0.0


def make_spans(number: int) -> None:
    for _ in range(number):
        with spans.calling("work"):
            pass


def test_spans_that_no_collector_takes_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "0.1")
    before = lost("not_taken")
    with capture_logs(), closing(Export("a_service", f"http://127.0.0.1:{free_port(0, [])}")):
        make_spans(30)
    assert lost("not_taken") == before + 30


def test_spans_that_the_queue_has_no_place_for_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue, batch, made = 20, 10, 300
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", str(queue))
    monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", str(batch))
    before = lost("queue_full")
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        capture_logs(),
        closing(Export("a_service", f"http://127.0.0.1:{silent.getsockname()[1]}")),
    ):
        make_spans(made)
        found = lost("queue_full") - before
    assert made - queue - batch <= found <= made - queue


def test_what_a_collector_takes_is_not_counted_as_lost(receiver: SpanReceiver) -> None:
    before = lost("not_taken"), lost("queue_full")
    with closing(Export("a_service", receiver.endpoint)):
        make_spans(30)
    assert len(receiver.spans) == 30
    assert (lost("not_taken"), lost("queue_full")) == before


def test_nothing_of_the_sdk_is_imported_where_no_spans_are_exported() -> None:
    code = (
        "import sys, chassis.service, services.ops_console.app, services.chart_service.app\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry.sdk')])"
    )
    run = subprocess.run(  # noqa: S603 - the code above
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


SERVICE = """
from pathlib import Path
from types import SimpleNamespace

from chassis.serving import serve
from chassis.web.app import create_app

app = create_app("a_service", Path(), {{}}, {{}}, [])


@app.get("/fails")
def fails() -> None:
    raise ValueError


settings = SimpleNamespace(
    host="127.0.0.1", port={port}, log_level="info", otlp_endpoint="{endpoint}"
)
serve("a_service", app, settings)
"""


def lines_of_a_service_that_fails(endpoint: str, **environment: str) -> list[dict[str, str]]:
    """Run a service that exports there until it has failed at a request; return what it logged."""
    port = free_port(0, [])
    command = [sys.executable, "-c", SERVICE.format(port=port, endpoint=endpoint)]
    with subprocess.Popen(  # noqa: S603 - the code above
        command, stderr=subprocess.PIPE, text=True, env=os.environ | environment
    ) as service:
        wait_for(lambda: answer_of(f"http://127.0.0.1:{port}/fails"), "The service")
        service.terminate()
        _, logged = service.communicate()
    return [json.loads(line) for line in logged.splitlines()]


def test_log_lines_name_the_span_and_what_was_not_sent_yet_is_sent_when_a_service_stops(
    receiver: SpanReceiver,
) -> None:
    lines = lines_of_a_service_that_fails(receiver.endpoint)
    [span] = receiver.spans
    [line] = [line for line in lines if line["event"] == "request failed"]
    assert (span.name, span.failed) == ("GET /fails", True)
    assert (line["trace_id"], line["span_id"]) == (span.trace, span.id)


@pytest.mark.parametrize("said", ["true", "TRUE"])
def test_a_disabled_sdk_exports_nothing_and_traces_go_on_as_without_a_collector(
    receiver: SpanReceiver, said: str
) -> None:
    lines = lines_of_a_service_that_fails(receiver.endpoint, OTEL_SDK_DISABLED=said)
    assert {line["module"] for line in lines} == {"web", "uvicorn.error"}  # of the request alone
    [trace] = {line["trace_id"] for line in lines}
    assert int(trace, 16)
    assert not any("span_id" in line for line in lines)
    assert receiver.bodies == []


def answer_of(url: str) -> httpx.Response | None:
    """Return the answer of a service that may not listen yet."""
    with suppress(httpx.TransportError):
        return httpx.get(url)
    return None


@pytest.mark.parametrize(
    ("path", "labels"),
    [
        ("/people/p-1/mails/m-1", ("GET", "/people/{person}/mails/{mail}", "2xx")),
        ("/people/p-1/mails/m-1!", ("POST", "/people/{person}/mails/{mail}", "5xx")),
        (f"/no/such/{SECRET}", ("GET", "unmatched", "4xx")),
    ],
)
async def test_requests_are_measured_by_the_template_of_their_route(
    path: str, labels: tuple[str, str, str]
) -> None:
    before = count(*labels)
    with capture_logs():
        await request(path)
    assert count(*labels) == before + 1
