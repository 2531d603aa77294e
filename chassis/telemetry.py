"""Logs, metrics and trace context, none of which ever holds a person's data."""

import logging
import re
import secrets
import sys
import traceback
from contextvars import ContextVar
from typing import Any

import structlog
from prometheus_client import Counter
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from structlog.typing import EventDict, WrappedLogger

EVENTS = Counter(
    "portico_events_total", "Consumed events by what became of them", ["event", "outcome"]
)

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)


def current_traceparent() -> str | None:
    """Return the W3C traceparent of the request or event that is being handled."""
    return _traceparent.get()


def continue_trace(traceparent: str | None) -> str:
    """Make this trace the current one; a new one is begun when there is none. Return it."""
    current = traceparent or new_traceparent()
    _traceparent.set(current)
    return current


def go_back_to(traceparent: str | None) -> None:
    """Make the trace the current one that was it before, if there was one."""
    _traceparent.set(traceparent)


def leave_trace() -> None:
    """Let what follows be in no trace: it is about several, or about none."""
    _traceparent.set(None)


def new_traceparent() -> str:
    """Return the traceparent of a trace that begins now."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def valid_traceparent(header: str | None) -> str | None:
    """Return a request's traceparent if it is one (W3C Trace Context 3.2), else None."""
    return header if header and _TRACEPARENT.fullmatch(header) else None


def describe(error: BaseException) -> str:
    """Say what an error is, without the values that it quotes: they may be a person's data."""
    if isinstance(error, DBAPIError):
        constraint = getattr(error.orig.__cause__, "constraint_name", None) if error.orig else None
        sqlstate = getattr(error.orig, "sqlstate", None)
        return f"{type(error).__name__} sqlstate={sqlstate} constraint={constraint}"
    if isinstance(error, ValidationError):
        return "; ".join(
            f"{'.'.join(map(str, problem['loc']))}: {problem['type']}"
            for problem in error.errors(
                include_url=False, include_context=False, include_input=False
            )
        )
    return type(error).__name__


def stack_of(error: BaseException) -> list[str]:
    """Return where an error was raised, innermost last, as `file:line function`."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-6:]]


def configure_logs(service: str, level: str = "info", *, spans: bool = False) -> None:
    """Write each log line as JSON to standard error, with the service, trace and, if any, span."""
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.add_log_level,
            _add_service(service),
            add_trace,
            *([add_span] if spans else []),
            _error_without_values,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    # Libraries' records may quote values; their warnings go out as a name and a level only.
    logging.basicConfig(handlers=[_LibraryHandler()], level=logging.WARNING, force=True)


def logger(name: str) -> Any:
    """Return the logger of one module."""
    return structlog.get_logger(module=name)


def add_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the id of the current trace to a log line (a processor of structlog)."""
    if traceparent := _traceparent.get():
        event["trace_id"] = traceparent.split("-")[1]
    return event


def add_span(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the id of the current span to a log line, where spans are exported."""
    if traceparent := _traceparent.get():
        event["span_id"] = traceparent.split("-")[2]
    return event


class _LibraryHandler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        logger(record.name).log(
            record.levelno,
            "library record",
            at=f"{record.filename}:{record.lineno}",
            template=str(record.msg) if record.args else None,
            error=describe(error) if error else None,
        )


def _add_service(service: str) -> structlog.typing.Processor:
    def add(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    return add


def _error_without_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    error = event.pop("exc", None)
    if isinstance(error, BaseException):
        event["error"] = describe(error)
        event["stack"] = stack_of(error)
    return event
