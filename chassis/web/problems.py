"""Errors of the HTTP APIs as problem details (RFC 9457)."""

from collections.abc import Mapping, Sequence
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

    def __init__(
        self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})
        """More headers for the answer, such as WWW-Authenticate or Retry-After."""


def problem_response(
    status: int,
    code: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> JSONResponse:
    """Return a problem as application/problem+json."""
    body = {
        "type": f"urn:portico:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        **more,
    }
    usual = {"WWW-Authenticate": "Bearer"} if status == 401 else {}  # noqa: PLR2004 - RFC 9110
    return JSONResponse(
        body, status_code=status, media_type=MEDIA_TYPE, headers=usual | dict(headers or {})
    )


def invalid_request(_request: Request, error: RequestValidationError) -> JSONResponse:
    """Say which fields of a request are wrong, without quoting their values."""
    wrong = [
        {"field": _in_unicode(found["loc"]), "problem": found["msg"]} for found in error.errors()
    ]
    detail = "Some fields are missing or wrong: see errors."
    return problem_response(422, "invalid_request", detail, errors=wrong)


def _in_unicode(place: Sequence[int | str]) -> str:
    # A field's name is the sender's, and JSON lets half of a surrogate pair stand in it.
    return ".".join(map(str, place)).encode(errors="replace").decode()


def log_unexpected(error: Exception) -> str:
    """Log an error nobody foresaw; return the trace id by which ops can find it."""
    telemetry.logger("web").error("request failed", exc=error)
    return (telemetry.current_traceparent() or "-").split("-")[1]
