"""The API keeps to its own OpenAPI document, whatever is sent to it."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from chassis.database import Database
from services.chart_service.api.scopes import ApiScope
from tests.chart_settings import API_TOKEN
from tests.infrastructure import Servers
from tests.integration.chart_service.api_clients import add_client
from tests.integration.chart_service.conftest import Center
from tests.integration.chart_service.exploring import EXAMPLES, Found, Known, explore
from tests.integration.chart_service.portal import Portal
from tests.integration.chart_service.serving import serving

OPERATOR = {"Authorization": f"Bearer {API_TOKEN}"}


@pytest.fixture
async def known(
    center: Center, service: FastAPI, servers: Servers, portal: Portal
) -> AsyncIterator[Known]:
    """A centre with a chart, served on a port, and those who may ask."""
    await center.has_chart()
    added = await center.api.post(f"{center.path}/webhooks", json={"url": "https://emr.example/"})
    database = Database(servers.database_url("chart"))
    client = await add_client(database, center.api, center.id, *ApiScope)
    await database.close()
    claims = {"sub": "a-1", "organization": center.id, "chart": "c-1", "person": "p-1"}
    token = portal.signer.sign("chart_service", role="patient", scopes=[], **claims)
    path = {"organization": center.id, "chart": "c-1", "person": "p-1", "record": "r-1"}
    path["webhook"] = added.json()["id"]
    async with serving(service, lifespan="off") as url:
        secret = b64encode(f"{client.id}:{client.secret}".encode()).decode()
        callers = {
            "/oauth/token": {"Authorization": f"Basic {secret}"},
            "/api/v1/access/chart": {"Authorization": f"Bearer {token}"},
            "/api/v1/access/birth-date-checks": {"Authorization": f"Bearer {token}"},
        }
        yield Known(url, OPERATOR, path, callers)


@pytest.mark.timeout(0 if EXAMPLES else 60)
async def test_the_api_keeps_to_its_document(known: Known) -> None:
    _is_right(await asyncio.to_thread(explore, known, EXAMPLES))


async def test_the_api_keeps_to_its_document_with_a_client(known: Known) -> None:
    async with httpx.AsyncClient(base_url=known.url) as http:
        answer = await http.post(
            "/oauth/token",
            data={"grant_type": "client_credentials"},
            headers=known.callers["/oauth/token"],
        )
        token = answer.json()["access_token"]
    # Never for long, as the token is good for 15 minutes.
    client = replace(known, headers={"Authorization": f"Bearer {token}"})
    _is_right(await asyncio.to_thread(explore, client))


def _is_right(found: Found) -> None:
    assert not found.wrong, "\n\n".join(found.wrong)
    assert len(found.tried) >= found.operations
    assert len(found.succeeded) >= found.operations * 0.7, found.tried - found.succeeded


async def test_every_request_with_a_body_has_an_example_that_works(known: Known) -> None:
    async with httpx.AsyncClient(base_url=known.url, headers=known.headers) as emr:
        paths = (await emr.get("/openapi.json")).json()["paths"]
        for path, method, operation in _with_bodies(paths):
            address = path.format(**known.path, location="harbor", kind="terms")
            example = next(iter(operation["requestBody"]["content"].values()))["example"]
            if path.endswith("/staff"):  # an address is one person's in the whole installation
                example |= {"email": f"kim@{known.path['organization']}.example"}
            if path != "/oauth/token":  # whose example has an id and secret that nobody has
                answer = await emr.request(
                    method, address, json=example, headers=known.callers.get(path)
                )
                assert answer.is_success, (method, path, answer.text)


def _with_bodies(paths: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Return where bodies are sent to; what others share is made before it is shared."""
    found = [
        (path, method, operation)
        for path, methods in paths.items()
        for method, operation in methods.items()
        if "requestBody" in operation
    ]
    assert len(found) >= 20
    return sorted(found, key=lambda each: each[0].endswith("/sharing"))
