"""Health that is true: live when a restart would not help, ready when the work can be done."""

import asyncio
from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis import telemetry

Check = Callable[[], Awaitable[str | None]]
"""Returns what is wrong, in a few words, or None."""

_LIMIT_SECONDS = 2.0


def health_routes(checks: dict[str, Check]) -> APIRouter:
    """Return /health/live, /health/ready and /metrics; they hold no person's data."""
    router = APIRouter(include_in_schema=False)

    @router.get("/health/live")
    async def live() -> dict[str, bool]:
        return {"live": True}

    @router.get("/health/ready")
    async def ready() -> JSONResponse:
        found = await asyncio.gather(*(_run(check) for check in checks.values()))
        wrong = {name: problem for name, problem in zip(checks, found, strict=True) if problem}
        body = {"ready": not wrong, "checks": dict.fromkeys(checks, "ok") | wrong}
        return JSONResponse(body, status_code=503 if wrong else 200)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _run(check: Check) -> str | None:
    try:
        return await asyncio.wait_for(check(), _LIMIT_SECONDS)
    except Exception as error:  # noqa: BLE001 - whatever it is, the service is not ready
        return f"away ({telemetry.describe(error)})"
