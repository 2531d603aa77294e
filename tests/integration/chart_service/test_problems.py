"""Whatever goes wrong at the API, the answer is a problem document (RFC 9457)."""

import re
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.integration.chart_service.conftest import Center

PROBLEM = {"$ref": "#/components/schemas/Problem"}
TEXT = {"Content-Type": "text/plain"}
JSON = {"Content-Type": "application/json"}


def is_problem(answer: httpx.Response, status: int, code: str) -> bool:
    """Tell whether an answer is this problem, in the media type of problems."""
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(body) >= {"type", "title", "status", "detail"}
    found = (answer.status_code, body["status"], body["type"])
    return found == (status, status, f"urn:portico:problem:{code}")


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [
        ("GET", "/api/v1/nothing", {}, 404, "not_found"),
        ("GET", "{path}/nothing", {}, 404, "not_found"),
        ("GET", "{path}/charts/c-9", {}, 404, "chart_unknown"),
        ("DELETE", "{path}/charts", {}, 405, "method_not_allowed"),
        ("POST", "{path}/charts", {"content": b"[]", "headers": TEXT}, 415, None),
        ("POST", "{path}/charts", {"content": b"[", "headers": JSON}, 422, "invalid_request"),
        ("POST", "{path}/charts", {"content": b'"\xff"', "headers": JSON}, 400, "body_unreadable"),
        ("POST", "{path}/charts", {"content": b"[" * 100_000, "headers": JSON}, 400, None),
        (
            "POST",
            "{path}/charts",
            {"content": b'[{"\\ud800\\u0000": 1}]', "headers": JSON},
            422,
            "invalid_request",
        ),
        ("POST", "{path}/charts", {"headers": {"Content-Length": "99999999"}}, 413, "too_large"),
        ("POST", "{path}/fhir", {"content": b"<Bundle/>", "headers": TEXT}, 415, None),
        ("PUT", "/oauth/token", {}, 405, "method_not_allowed"),
    ],
)
async def test_an_error_is_a_problem(
    center: Center, method: str, path: str, sent: dict[str, Any], status: int, code: str | None
) -> None:
    usual = {400: "body_unreadable", 415: "media_type_unsupported"}
    for accept in ({}, {"Accept": "text/html"} if path.startswith("/api") else {}):
        headers = sent.get("headers", {}) | accept
        address = path.format(path=center.path)
        answer = await center.api.request(method, address, **sent | {"headers": headers})
        assert is_problem(answer, status, code or usual[status])


async def test_who_may_not_come_in_gets_a_problem(
    center: Center, stranger: httpx.AsyncClient
) -> None:
    answer = await stranger.get(f"{center.path}/charts")
    assert is_problem(answer, 401, "token_needed")
    answer = await stranger.get("/api/v1/access/chart")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_each_address_says_which_methods_it_takes(center: Center, service: FastAPI) -> None:
    for path, methods in service.openapi()["paths"].items():
        address = re.sub(
            r"{(\w+)}", lambda found: center.id if found[1] == "organization" else "x", path
        )
        refused = await center.api.request("QUERY", address)
        assert is_problem(refused, 405, "method_not_allowed"), path
        # A chart may have the id `search`, so that more may be taken than the path has itself.
        assert set(refused.headers["allow"].lower().split(", ")) >= set(methods), path


def test_the_document_declares_problems_as_such(service: FastAPI) -> None:
    for path, methods in service.openapi()["paths"].items():
        for method, operation in methods.items():
            errors = {s: a for s, a in operation["responses"].items() if s[0] in "45"}
            assert {"401", "413"} <= errors.keys(), (method, path)
            if path == "/oauth/token":
                continue  # RFC 6749 5.2 has the form of most of its errors
            for answer in errors.values():
                assert answer["content"] == {"application/problem+json": {"schema": PROBLEM}}
