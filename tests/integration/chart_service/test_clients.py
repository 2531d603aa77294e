"""Clients of the API: how they get tokens, and what these are good for."""

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

import httpx
import pytest
from fastapi import FastAPI

from chassis.database import Database
from contracts.chart import InviteRequested
from services.chart_service.throttle import MOST_PER_EMAIL
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.chart_service.api_clients import ApiClient, add_client
from tests.integration.chart_service.conftest import Center

AddClient = Callable[..., Awaitable[ApiClient]]


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    opened = Database(servers.database_url("chart"))
    yield opened
    await opened.close()


@pytest.fixture
async def client_of(database: Database, stranger: httpx.AsyncClient) -> AddClient:
    async def add(center: Center, *scopes: str) -> ApiClient:
        return await add_client(database, stranger, center.id, *scopes)

    return add


async def test_a_client_does_what_its_scopes_allow_and_nothing_else(
    center: Center, client_of: AddClient, stranger: httpx.AsyncClient, events: EventLog
) -> None:
    await center.has_chart()
    client = await client_of(center, "charts:read", "invitations:write")
    headers = await client.headers()
    assert (await stranger.get(f"{center.path}/charts", headers=headers)).status_code == 200
    path = f"{center.path}/charts/c-1/people/p-1/invitations"
    invited = await stranger.post(path, headers=headers)
    assert invited.status_code == 202
    [request] = await events.wait_for(
        InviteRequested, lambda e: str(e.id) == invited.json()["invitation_id"]
    )
    assert request.data.requested_by == f"client:{client.id}"
    refused = await stranger.post(f"{center.path}/charts", headers=headers, json=[])
    assert refused.status_code == 403
    assert refused.headers["www-authenticate"] == (
        'Bearer error="insufficient_scope", scope="charts:write"'
    )


async def test_a_token_may_have_fewer_scopes_than_its_client(
    center: Center, client_of: AddClient, stranger: httpx.AsyncClient
) -> None:
    client = await client_of(center, "charts:read", "organization:read")
    assert (await client.asks()).json()["scope"] == "charts:read organization:read"
    assert (await client.asks(scope="charts:read staff:write")).json()["error"] == "invalid_scope"
    headers = await client.headers(scope="charts:read")
    assert (await stranger.get(center.path, headers=headers)).status_code == 403
    assert (await stranger.get(f"{center.path}/charts", headers=headers)).status_code == 200


async def test_another_organization_looks_as_if_it_were_not_there(
    center: Center, client_of: AddClient, stranger: httpx.AsyncClient
) -> None:
    other = Center(center.api, f"{center.id}-2")
    await other.opens()
    await other.has_chart()
    headers = await (await client_of(center, "charts:read", "organization:write")).headers()
    for path in (f"{other.path}/charts/c-1", f"{center.path}-3/charts/c-1"):
        answer = await stranger.get(path, headers=headers)
        assert answer.status_code == 404
        assert answer.json()["type"] == "urn:portico:problem:organization_unknown"
    body = {"name": "Mine now", "phone": "1"}
    assert (await stranger.put(other.path, headers=headers, json=body)).status_code == 404


async def test_a_revoked_clients_tokens_are_dead_at_once(
    center: Center, client_of: AddClient, stranger: httpx.AsyncClient, database: Database
) -> None:
    client = await client_of(center, "charts:read")
    headers = await client.headers()
    async with database.transaction() as tx:
        await tx.run(
            "UPDATE api_clients SET revoked_at = :now WHERE id = :id", now=tx.now, id=client.id
        )
    answer = await stranger.get(f"{center.path}/charts", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert (await client.asks()).json()["error"] == "invalid_client"


async def test_a_token_ends_after_15_minutes_and_is_kept_as_a_hash_alone(
    center: Center, client_of: AddClient, stranger: httpx.AsyncClient, database: Database
) -> None:
    client = await client_of(center, "charts:read")
    answer = (await client.asks()).json()
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 900)
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    async with database.transaction() as tx:
        rows = await tx.run("SELECT t::text FROM api_tokens t WHERE client_id = :id", id=client.id)
        assert answer["access_token"] not in str(rows.all())
        rows = await tx.run("SELECT c::text FROM api_clients c WHERE id = :id", id=client.id)
        assert client.secret not in str(rows.all())
        await tx.run(
            "UPDATE api_tokens SET expires_at = :now WHERE client_id = :id",
            now=tx.now - timedelta(seconds=1),
            id=client.id,
        )
    assert (await stranger.get(f"{center.path}/charts", headers=headers)).status_code == 401


async def test_the_secret_may_come_by_http_basic(
    center: Center, client_of: AddClient, stranger: httpx.AsyncClient
) -> None:
    client = await client_of(center, "charts:read")
    pair = f"{quote_plus(client.id)}:{quote_plus(client.secret)}"
    headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    form = {"grant_type": "client_credentials"}
    answer = await stranger.post("/oauth/token", data=form, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    both = await stranger.post("/oauth/token", data=form | {"client_secret": "x"}, headers=headers)
    assert both.json()["error"] == "invalid_request"


GRANT = {"grant_type": "client_credentials"}
NOBODY = {"client_id": "x", "client_secret": "x"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("sent", "status", "error"),
    [
        ({"data": NOBODY | {"grant_type": "password"}}, 400, "unsupported_grant_type"),
        ({"data": NOBODY}, 400, "invalid_request"),
        ({"data": GRANT}, 401, "invalid_client"),
        ({"data": GRANT | NOBODY}, 401, "invalid_client"),
        ({"data": GRANT | NOBODY | {"client_secret": "\x00"}}, 401, "invalid_client"),
        ({"json": {}}, 400, "invalid_request"),
        ({"content": b"scope=\xff", "headers": FORM}, 400, "invalid_request"),
        ({"headers": FORM | {"Authorization": "Basic %"}}, 401, "invalid_client"),
        ({"data": {"scope": ["a", "b"]}}, 400, "invalid_request"),
    ],
)
async def test_a_wrong_request_for_a_token_says_what_is_wrong(
    stranger: httpx.AsyncClient, sent: dict[str, Any], status: int, error: str
) -> None:
    answer = await stranger.post("/oauth/token", **sent)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in answer.headers) == (status == 401)


async def test_guessing_a_secret_is_slowed_down_and_the_client_goes_on(
    center: Center, client_of: AddClient
) -> None:
    client = await client_of(center, "charts:read")
    for _ in range(MOST_PER_EMAIL):
        assert (await client.asks(client_secret="wrong")).status_code == 401
    refused = await client.asks(client_secret="wrong")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "900"
    assert (await client.asks()).status_code == 200


async def test_programs_find_the_token_endpoint_by_themselves(
    stranger: httpx.AsyncClient,
) -> None:
    found = (await stranger.get("/.well-known/oauth-authorization-server")).json()
    assert found["issuer"] == "http://emr"
    assert found["token_endpoint"] == "http://emr/oauth/token"
    assert "charts:read" in found["scopes_supported"]


async def test_every_route_of_the_api_says_which_scope_it_needs(service: FastAPI) -> None:
    paths = service.openapi()["paths"]
    found = [
        (path, method, operation.get("security"))
        for path, methods in paths.items()
        for method, operation in methods.items()
        if path.startswith("/api/v1/organizations/")
    ]
    assert len(found) >= 11
    for path, method, security in found:
        scopes = [each["clientCredentials"] for each in security if "clientCredentials" in each]
        assert [len(each) for each in scopes] == [1], (path, method, security)
