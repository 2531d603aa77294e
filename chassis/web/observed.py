"""Around every request but those for health and files: its time, and its span."""

from time import perf_counter

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from opentelemetry.trace import SpanKind
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import metrics, spans, telemetry
from chassis.database import is_transient

UNMATCHED = "unmatched"
"""The route of a request for an address that there is not, and of one that is refused before."""

_UNOBSERVED = ("/static/", "/assets/", "/health/", "/metrics")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class ObservedRequests:
    """Continues the caller's trace, measures requests by their route, and makes their spans."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._templates: dict[int, str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3.0)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        caller = telemetry.valid_traceparent(Headers(scope=scope).get("traceparent"))
        if scope["path"].startswith(_UNOBSERVED):
            telemetry.continue_trace(caller)
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, caller)

        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.answered(message["status"], self._route(scope))
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        except Exception as error:
            exchange.failed(error, self._route(scope))
            raise
        finally:
            exchange.end()

    def _route(self, scope: Scope) -> str:
        if not self._templates:
            self._templates = _templates_of(scope["app"])
        return self._templates.get(id(scope.get("route")), UNMATCHED)


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, caller: str | None) -> None:
        self._started = perf_counter()
        self._method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        # OpenTelemetry's semantic conventions for HTTP, without what may be about a person.
        attributes = {"http.request.method": self._method, "url.scheme": scope["scheme"]}
        self._span = spans.begin(self._method, SpanKind.SERVER, caller, attributes)
        telemetry.continue_trace(spans.traceparent_of(self._span) if self._span else caller)

    def answered(self, status: int, route: str) -> None:
        """Note the answer, as soon as it begins: what is streamed may go on for hours."""
        labels = {"method": self._method, "route": route, "status": f"{status // 100}xx"}
        metrics.HTTP_SECONDS.labels(**labels).observe(perf_counter() - self._started)
        if span := self._span:
            spans.note_status(span, status, fails_from=500)
            if route != UNMATCHED:
                span.update_name(f"{self._method} {route}")
                span.set_attribute("http.route", route)

    def failed(self, error: Exception, route: str) -> None:
        """Note an error that the app makes an answer of further out."""
        self.answered(503 if is_transient(error) else 500, route)
        if self._span:
            spans.fail(self._span, error)

    def end(self) -> None:
        """End the span; its trace stays the current one, for what an error's page says."""
        if self._span:
            self._span.end()


def _templates_of(app: FastAPI) -> dict[int, str]:
    """Return each route's whole template, which an included route itself does not know."""
    contexts = iter_route_contexts(app.routes)
    return {id(found.original_route): found.path or UNMATCHED for found in contexts}
