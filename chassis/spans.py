"""Spans of OpenTelemetry: what took how long within a trace, and what it was part of.

Until `export_by` is called none are made: traces go on as they come, and the SDK is not imported.
A span holds routes, topics, types, ids and names of errors; never a person's data.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry.context import Context
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    set_span_in_context,
)

from chassis import telemetry

Attributes = Mapping[str, str | int]


class _Tracing:
    tracer: Tracer | None = None


_tracing = _Tracing()


def export_by(tracer: Tracer | None) -> None:
    """Make spans from now on by this tracer of the SDK; by None, no more."""
    _tracing.tracer = tracer


def are_disabled() -> bool:
    """Tell whether OTEL_SDK_DISABLED says "true", in any case: nothing else does, by its rules."""
    return os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"


def are_exported() -> bool:
    """Tell whether spans are made at all."""
    return _tracing.tracer is not None


def begin(
    name: str,
    kind: SpanKind,
    parent: str | None,
    attributes: Attributes | None = None,
    since: int | None = None,
) -> Span | None:
    """Begin a span below a traceparent, or a trace without one. While none are made: None.

    It begins now, or `since` when in ns since 1970.
    """
    if _tracing.tracer is None:
        return None
    context = _context_of(parent)
    return _tracing.tracer.start_span(name, context, kind, attributes, start_time=since)


def traceparent_of(span: Span) -> str:
    """Return what a span is named by to whom it calls; it tells whether the trace is sampled."""
    own = span.get_span_context()
    return f"00-{own.trace_id:032x}-{own.span_id:016x}-{own.trace_flags & 1:02x}"


def fail(span: Span, error: BaseException) -> None:
    """Note what went wrong, without the values that it quotes."""
    span.set_attribute("error.type", type(error).__name__)
    span.set_status(Status(StatusCode.ERROR, telemetry.describe(error)))


def note_status(span: Span, status: int, fails_from: int) -> None:
    """Note an HTTP status, and that it is a failure if it is this one or above."""
    span.set_attribute("http.response.status_code", status)
    if status >= fails_from:
        span.set_attribute("error.type", str(status))
        span.set_status(Status(StatusCode.ERROR))


@contextmanager
def calling(name: str, attributes: Attributes | None = None) -> Iterator[Span | None]:
    """Call another system in a span of the current trace; meanwhile it is the current one."""
    outer = telemetry.current_traceparent()
    span = begin(name, SpanKind.CLIENT, outer, attributes)
    if span is None:
        yield None
        return
    telemetry.continue_trace(traceparent_of(span))
    try:
        yield span
    except Exception as error:
        fail(span, error)
        raise
    finally:
        telemetry.go_back_to(outer)
        span.end()


def begin_trace() -> str:
    """Return the traceparent of a trace that begins now, with an event that nobody asked for."""
    attributes = {"messaging.system": "kafka", "messaging.operation.type": "create"}
    span = begin("create", SpanKind.PRODUCER, None, attributes)
    if span is None:
        return telemetry.new_traceparent()
    span.end()
    return traceparent_of(span)


def _context_of(traceparent: str | None) -> Context:
    if traceparent is None:
        return Context()
    _, trace, parent, flags = traceparent.split("-")
    caller = SpanContext(int(trace, 16), int(parent, 16), True, TraceFlags(int(flags, 16)))
    return set_span_in_context(NonRecordingSpan(caller), Context())
