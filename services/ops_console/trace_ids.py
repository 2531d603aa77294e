"""The trace that an event is in, and where a tracing UI shows it."""

from uuid import UUID

from chassis.telemetry import valid_traceparent


def trace_id_of(event_id: UUID, traceparent: str | None) -> str:
    """Return an event's trace as 32 hex digits: without a traceparent its own id begins one."""
    valid = valid_traceparent(traceparent)
    return valid.split("-")[1] if valid else event_id.hex


def trace_link(template: str, trace_id: str) -> str:
    """Return where a tracing UI shows a trace (`PORTICO_OPS_TRACE_URL`); "": there is none."""
    return template.replace("{trace_id}", trace_id) if trace_id else ""
