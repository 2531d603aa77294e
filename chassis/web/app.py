"""One FastAPI app for a service's API and pages, with its background tasks."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException

from chassis.backoff import forever
from chassis.database import is_transient
from chassis.web import methods, pages, problems
from chassis.web.answers import answer
from chassis.web.csrf import CookieSettings
from chassis.web.design_system import DesignSystem
from chassis.web.health import Check, health_routes
from chassis.web.languages import gettext, marked
from chassis.web.middleware import SafeRequests
from chassis.web.observed import ObservedRequests

_CANCEL_AGAIN_SECONDS = 6.0
"""Longer than any task takes to end what it is in the middle of."""

Task = Callable[[], Awaitable[None]]
Close = Callable[[], Awaitable[None]]

# FastAPI's own spans hold paths and queries; ObservedRequests makes those that do not.
_NO_TELEMETRY = TelemetryConfig(tracing=False, metrics=False, logs=False, auto_configure=False)


def create_app(
    name: str,
    templates: Path,
    tasks: dict[str, Task],
    checks: dict[str, Check],
    on_close: list[Close],
    cookies: CookieSettings | None = None,
) -> FastAPI:
    """Return an app that keeps the tasks going while it runs, and knows how well it is."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        running = app.state.running
        for what, task in tasks.items():
            running[what] = asyncio.create_task(forever(task, what))
        yield
        await _end(running.values())
        for close in on_close:
            await close()

    # FastAPI's own pages of documentation load scripts from elsewhere, which no page here may.
    app = FastAPI(
        title=f"Portico {name}",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        telemetry=_NO_TELEMETRY,
    )
    app.state.service = name
    app.state.running = {}  # each background task by its name
    app.state.readings = []
    app.state.cookies = cookies or CookieSettings()
    app.state.pages = pages.Pages(templates)
    app.state.stopping = asyncio.Event()  # set as soon as the web server stops
    app.add_middleware(SafeRequests, languages=app.state.pages.languages)
    app.add_middleware(ObservedRequests)
    app.include_router(health_routes(checks))
    app.mount("/static", DesignSystem())
    _handle_errors(app)
    return app


async def _end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks until all have ended.

    A library that waits by asyncio.wait_for loses a cancellation that comes together with what it
    waits for (CPython's gh-86296, before 3.12).
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_CANCEL_AGAIN_SECONDS)


def _operation_id(route: APIRoute) -> str:
    """Name an operation for generated clients by its function; a new path does not rename it."""
    return re.sub(r"\W+", "_", route.name)


def _handle_errors(app: FastAPI) -> None:
    @app.exception_handler(problems.ProblemError)
    async def problem(request: Request, error: problems.ProblemError) -> Response:
        return answer(request, error.status, error.code, error.detail, error.headers)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        found = _WORDS.get(error.status_code, ("request_failed", _FAILED))
        allow = methods.allow(request) if error.status_code == _METHOD_NOT_ALLOWED else {}
        return answer(request, error.status_code, *found, dict(error.headers or {}) | allow)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        if pages.wants_page(request):
            return answer(request, 422, "invalid_request", _INCOMPLETE)
        return problems.invalid_request(request, error)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        reference = problems.log_unexpected(error)
        if is_transient(error):
            return answer(request, 503, "temporarily_away", _AWAY)
        return answer(request, 500, "unexpected", gettext(_UNEXPECTED).format(reference))


_METHOD_NOT_ALLOWED = 405
_FAILED = marked("This request cannot be served.")
_INCOMPLETE = marked("Something is missing in this form.")
_AWAY = marked("Try again in a moment.")
_UNEXPECTED = marked("Something went wrong on our side. Try again; the reference is {}.")
_WORDS = {
    400: ("body_unreadable", marked("The body of this request cannot be read.")),
    404: ("not_found", marked("There is nothing at this address. Check it, or go back.")),
    _METHOD_NOT_ALLOWED: (
        "method_not_allowed",
        marked("This address does not take this kind of request."),
    ),
}
