"""Errors of the HTTP APIs as problem details (RFC 9457)."""

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from chassis import telemetry

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What an API answers when a request fails."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, Any]] | None = None


class ProblemError(Exception):
    """A request cannot be served: the status, a stable code, and a sentence on what to do."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail


def problem_response(status: int, code: str, detail: str, **more: object) -> JSONResponse:
    """Return a problem as application/problem+json."""
    body = {
        "type": f"urn:portico:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        **more,
    }
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None  # noqa: PLR2004 - RFC 9110
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def invalid_request(_request: Request, error: RequestValidationError) -> JSONResponse:
    """Say which fields of a request are wrong, without quoting their values."""
    wrong = [
        {"field": ".".join(str(part) for part in found["loc"]), "problem": found["msg"]}
        for found in error.errors()
    ]
    detail = "Some fields are missing or wrong: see errors."
    return problem_response(422, "invalid_request", detail, errors=wrong)


def log_unexpected(error: Exception) -> str:
    """Log an error nobody foresaw; return the trace id by which ops can find it."""
    telemetry.logger("web").error("request failed", exc=error)
    return (telemetry.current_traceparent() or "-").split("-")[1]
