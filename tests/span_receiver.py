"""A collector that keeps the spans it is sent (OTLP over HTTP), as an operator would see them."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status


@dataclass(frozen=True)
class ReceivedSpan:
    """A span as it was sent."""

    service: str
    name: str
    kind: str
    trace: str
    id: str
    parent: str
    failed: bool
    said: str
    attributes: dict[str, str]

    @property
    def traceparent(self) -> str:
        """What names this span to whom it calls."""
        return f"00-{self.trace}-{self.id}-01"


class SpanReceiver:
    """Receives spans on a port of its own while it is open."""

    def __init__(self) -> None:
        self.spans: list[ReceivedSpan] = []
        self.bodies: list[bytes] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def of(self, trace: str) -> list[ReceivedSpan]:
        """Return the spans of a trace."""
        return [span for span in list(self.spans) if span.trace == trace]

    def take(self, body: bytes) -> None:
        """Keep what a request holds."""
        self.bodies.append(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = _texts(resource.resource.attributes)["service.name"]
            for scope in resource.scope_spans:
                self.spans += [_received(service, span) for span in scope.spans]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        take = self.take

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                assert self.path == "/v1/traces"
                take(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Print nothing."""

        return Handler


def _received(service: str, span: Span) -> ReceivedSpan:
    return ReceivedSpan(
        service,
        span.name,
        Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        span.status.code == Status.STATUS_CODE_ERROR,
        span.status.message,
        _texts(span.attributes),
    )


def _texts(attributes: Iterable[KeyValue]) -> dict[str, str]:
    return {each.key: each.value.string_value or str(each.value.int_value) for each in attributes}
