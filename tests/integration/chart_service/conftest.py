"""chart_service by itself, on real Kafka and PostgreSQL."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from contracts.envelope import CloudEvent, Invitee
from services.chart_service.app import build
from tests.chart_settings import API_TOKEN, chart_settings
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.chart_service.portal import Portal, serve_portal

PASSWORD = "green-hills-demo-1"


@pytest.fixture(scope="package")
async def portal() -> AsyncIterator[Portal]:
    """A portal_access that signs calls and publishes its keys over HTTP."""
    async with serve_portal() as served:
        yield served


@pytest.fixture(scope="package")
async def service(servers: Servers, portal: Portal) -> AsyncIterator[FastAPI]:
    """The running service."""
    app = build(chart_settings(servers, jwks_url=portal.jwks_url))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def api(service: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """An EMR that calls the API."""
    async with _client(service, {"Authorization": f"Bearer {API_TOKEN}"}) as client:
        yield client


@pytest.fixture
async def stranger(service: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a token."""
    async with _client(service, {}) as client:
        yield client


@pytest.fixture
async def browser(service: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser, with a cookie jar."""
    async with _client(service, {"Accept": "text/html"}) as client:
        yield client


def _client(service: FastAPI, headers: dict[str, str]) -> httpx.AsyncClient:
    # From an address of each test's own: what one guesses must not slow down another.
    transport = httpx.ASGITransport(app=service, client=(f"test-{uuid4()}", 1))
    return httpx.AsyncClient(transport=transport, base_url="http://emr", headers=headers)


Tell = Callable[..., Awaitable[None]]


@pytest.fixture
async def tell(service: FastAPI, servers: Servers, events: EventLog) -> AsyncIterator[Tell]:
    """Publish events and return when the service has handled each of them."""
    del service
    engine = create_async_engine(servers.database_url("chart"))
    handled = text("SELECT count(*) FROM inbox WHERE event_id = ANY(:ids)")

    async def publish_and_wait(*news: CloudEvent) -> None:
        await events.publish(*news)
        ids = [event.id for event in news]
        async with asyncio.timeout(60), engine.connect() as connection:
            while await connection.scalar(handled, {"ids": ids}) < len(ids):
                await connection.rollback()
                await asyncio.sleep(0.01)

    yield publish_and_wait
    await engine.dispose()


@dataclass
class Center:
    """A treatment centre of one test's own, that uses the API."""

    api: httpx.AsyncClient
    id: str

    @property
    def path(self) -> str:
        """Where the API has it."""
        return f"/api/v1/organizations/{self.id}"

    async def opens(self, **changes: Any) -> None:
        """Put the organisation."""
        body = {"name": "Sunrise", "phone": "+1 202-555-0143"} | changes
        answer = await self.api.put(self.path, json=body)
        assert answer.status_code == 200, answer.text

    @property
    def staff_email(self) -> str:
        """With what its member of staff signs in, besides PASSWORD."""
        return f"staff@{self.id}.example"

    async def has_staff(self, role: str = "staff") -> None:
        """Let somebody sign in to the pages: "staff", or a portal "admin"."""
        body = {"email": self.staff_email, "name": "Kim Park", "password": PASSWORD, "role": role}
        answer = await self.api.post(f"{self.path}/staff", json=body)
        assert answer.status_code == 201, answer.text

    async def has_chart(
        self, chart: str = "c-1", contacts: list[dict[str, Any]] | None = None, **patient: Any
    ) -> Invitee:
        """Put a chart with a patient whom mail reaches; return the patient."""
        fields = {"id": "p-1", "given_name": "Ana", "family_name": "Lopez"}
        fields |= {"email": "ana@sunrise.example"} | patient
        body = [{"id": chart, "mrn": f"MRN {chart}", "patient": fields, "contacts": contacts or []}]
        answer = await self.api.post(f"{self.path}/charts", json=body)
        assert answer.status_code == 200, answer.text
        return Invitee(organization=self.id, chart=chart, person=fields["id"])

    async def chart(self, chart: str = "c-1") -> dict[str, Any]:
        """Return a chart's facesheet."""
        answer = await self.api.get(f"{self.path}/charts/{chart}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = json.loads(answer.content)
        return found

    async def invites(
        self, person: str = "p-1", key: str | None = None, **body: Any
    ) -> httpx.Response:
        """Ask for an invitation of somebody on chart c-1."""
        path = f"{self.path}/charts/c-1/people/{person}/invitations"
        headers = {"Idempotency-Key": key} if key else {}
        return await self.api.post(path, json=body, headers=headers)


@pytest.fixture
async def center(api: httpx.AsyncClient, events: EventLog) -> Center:
    """A treatment centre with the portal on."""
    del events
    opened = Center(api, f"o-{uuid4().hex[:12]}")
    await opened.opens()
    return opened
