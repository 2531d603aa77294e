"""Health that is true: live when a restart would not help, ready when the work can be done."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

from chassis import metrics, readings, telemetry

Check = Callable[[], Awaitable[str | None]]
"""Returns what is wrong, in a few words, or None."""

_SCRAPE_SECONDS = 1.0
"""Who asks for metrics more often is told the same again."""

Names = Annotated[Sequence[str], Query(alias="name[]")]
"""Which metrics are wanted, as Prometheus' clients have it; none: all."""


def health_routes(checks: dict[str, Check]) -> APIRouter:
    """Return /health/live, /health/ready and /metrics; they hold no person's data."""
    router = APIRouter(include_in_schema=False)
    scrape = _Scrape(checks)

    @router.get("/health/live")
    async def live(request: Request) -> JSONResponse:
        ended = [name for name, task in request.app.state.running.items() if task.done()]
        body = {"live": not ended} | ({"ended": ended} if ended else {})
        return JSONResponse(body, status_code=503 if ended else 200)

    @router.get("/health/ready")
    async def ready() -> JSONResponse:
        wrong = await _wrong(checks)
        body = {"ready": not wrong, "checks": dict.fromkeys(checks, "ok") | wrong}
        return JSONResponse(body, status_code=503 if wrong else 200)

    @router.get("/metrics")
    async def get_metrics(request: Request, names: Names = ()) -> Response:
        found = await scrape.text(request.app.state.readings, names)
        return Response(found, media_type=CONTENT_TYPE_LATEST)

    return router


class _Scrape:
    """What is told to who asks for metrics, looked up once a second at most."""

    def __init__(self, checks: dict[str, Check]) -> None:
        self._checks = checks
        self._one_at_a_time = asyncio.Lock()
        self._everything = b""
        self._until = 0.0

    async def text(self, of: list[readings.Reading], names: Sequence[str]) -> bytes:
        async with self._one_at_a_time:
            if time.monotonic() > self._until:
                await self._look_up(of)
                self._everything = b""
                self._until = time.monotonic() + _SCRAPE_SECONDS
            if names:
                return generate_latest(REGISTRY.restricted_registry(names))
            self._everything = self._everything or generate_latest()
            return self._everything

    async def _look_up(self, of: list[readings.Reading]) -> None:
        _, wrong = await asyncio.gather(readings.take(of), _wrong(self._checks))
        for name in self._checks:
            metrics.CHECK_PASSING.labels(check=name).set(name not in wrong)


async def _wrong(checks: dict[str, Check]) -> dict[str, str]:
    found = await asyncio.gather(*(_run(check) for check in checks.values()))
    return {name: problem for name, problem in zip(checks, found, strict=True) if problem}


async def _run(check: Check) -> str | None:
    try:
        async with asyncio.timeout(readings.LIMIT_SECONDS):
            return await check()
    except Exception as error:  # noqa: BLE001 - whatever it is, the service is not ready
        return f"away ({telemetry.describe(error)})"
