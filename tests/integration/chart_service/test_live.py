"""An open facesheet hears what changes, from any instance, and lets go when it must."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from services.chart_service.pages import live
from tests.infrastructure import Servers
from tests.integration.chart_service.conftest import Center, Tell
from tests.integration.chart_service.news import Invitation
from tests.integration.chart_service.pages import sent, signed_in
from tests.integration.chart_service.serving import serving

STREAM = "/charts/c-1/alerts/stream"


class Stream:
    """What a browser is told on an open facesheet."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()

    async def next(self, seconds: float = 60) -> tuple[str, str]:
        """Return the next event's name and data."""
        name, data = "", []
        async with asyncio.timeout(seconds):
            async for line in self._lines:
                field, _, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    data.append(value)
                elif not line and name:
                    return name, "\n".join(data)
        return "closed", ""

    async def until(self, shown: str) -> str:
        """Return the first news that shows this; the same news may come in several steps."""
        html = ""
        while shown not in html:
            _, html = await self.next()
        return html


@pytest.fixture
async def staff(service: FastAPI, center: Center) -> AsyncIterator[httpx.AsyncClient]:
    """A member of staff at a real web server, in front of the service that runs already."""
    await center.has_chart()
    async with (
        serving(service, lifespan="off") as url,
        httpx.AsyncClient(base_url=url, headers={"Accept": "text/html"}) as client,
    ):
        await signed_in(client, center)
        yield client


@asynccontextmanager
async def opened(staff: httpx.AsyncClient) -> AsyncIterator[Stream]:
    """Open the stream, as far as its first event."""
    async with staff.stream("GET", STREAM) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        stream = Stream(response)
        name, html = await stream.next()
        assert name == "facesheet"
        assert 'id="alerts"' in html
        yield stream


async def test_each_change_of_the_charts_invitations_is_pushed(
    center: Center, tell: Tell, staff: httpx.AsyncClient
) -> None:
    async with opened(staff) as stream:
        invitation_id = (await center.invites()).json()["invitation_id"]
        html = await stream.until(f'data-alert="{invitation_id}"')
        assert "Invitation requested: Ana Lopez, patient" in html
        invitee = await center.has_chart("c-2")
        elsewhere = Invitation(invitee)
        here = Invitation(invitee.model_copy(update={"chart": "c-1"}))
        await tell(elsewhere.requested, elsewhere.sent)
        await tell(here.bounced)
        html = await stream.until(f'data-alert="{here.id}"')
        assert str(elsewhere.id) not in html
        await tell(here.cleared)
        _, html = await stream.next()
        assert str(here.id) not in html


async def test_the_stream_is_for_staff_of_the_charts_organization(
    center: Center, staff: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    assert (await stranger.get(STREAM)).headers["location"] == "/sign-in"
    other = Center(center.api, f"o-{uuid4().hex[:12]}")
    await other.opens()
    await other.has_chart("c-other")
    assert (await staff.get("/charts/c-other/alerts/stream")).status_code == 404


async def test_the_stream_ends_with_the_session(
    staff: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    async with opened(staff) as stream:
        async with httpx.AsyncClient(base_url=staff.base_url, cookies=staff.cookies) as tab:
            assert (await sent(tab, "/charts/c-1", "/sign-out")).status_code == 303
        assert (await stream.next())[0] == "ended"


async def test_streams_hold_no_database_connections_and_end_when_the_service_stops(
    service: FastAPI, center: Center, staff: httpx.AsyncClient
) -> None:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(
        base_url=staff.base_url, cookies=staff.cookies, limits=limits
    ) as tabs:
        readers = [asyncio.create_task(_read_to_the_end(tabs)) for _ in range(32)]
        async with opened(staff):
            assert (await center.chart())["id"] == "c-1"
        service.state.stopping.set()
        async with asyncio.timeout(5):
            await asyncio.gather(*readers)


async def _read_to_the_end(tabs: httpx.AsyncClient) -> None:
    async with tabs.stream("GET", STREAM) as response:
        stream = Stream(response)
        while await stream.next(30) != ("closed", ""):
            pass


async def test_the_stream_survives_that_postgresql_drops_the_listener(
    servers: Servers, center: Center, staff: httpx.AsyncClient
) -> None:
    engine = create_async_engine(servers.database_url("chart"))
    async with opened(staff) as stream:
        async with engine.connect() as connection:
            dropped = await connection.execute(
                text("""
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND query ~* '^listen|pg_listening_channels'
                        AND pid <> pg_backend_pid()
                """)
            )
            assert dropped.all()
        await center.invites()
        _, html = await stream.next(20)
        assert "Invitation requested" in html
    await engine.dispose()
