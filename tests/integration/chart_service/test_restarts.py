"""What was begun when the service stopped goes on after its restart: nothing lost or doubled."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis import migrations
from chassis.database import Database
from contracts.chart import InviteRequested
from services.chart_service import queries
from services.chart_service.app import build
from services.chart_service.bulk_worker import BulkWorker
from services.chart_service.webhooks.senders import AT_ONCE, Senders
from tests.chart_settings import API_TOKEN, chart_settings
from tests.infrastructure import Servers
from tests.integration.chart_service.conftest import Center
from tests.integration.chart_service.pages import signed_in, token_in
from tests.integration.chart_service.receiver import receiving
from tests.integration.chart_service.test_bulk_invites import chosen, finished
from tests.integration.chart_service.test_webhooks import add, becomes
from tests.integration.invitation_service.test_review_races import blocked_or_done

PEOPLE = 120
"""More than the worker takes at once."""


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    """A database of this test's own: nobody works in it but whom the test starts."""
    name = f"restart_{uuid4().hex[:8]}"
    server = create_async_engine(servers.database_url("chart"), isolation_level="AUTOCOMMIT")
    async with server.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await server.dispose()
    await asyncio.to_thread(migrations.upgrade, "chart_service", servers.database_url(name))
    opened = Database(servers.database_url(name))
    yield opened
    await opened.close()


@pytest.fixture
async def browser(servers: Servers, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at a service that only answers: what it does in the background is not started."""
    url = database.engine.url.render_as_string(hide_password=False)
    transport = httpx.ASGITransport(build(chart_settings(servers, database_url=url)))
    headers = {"Accept": "text/html"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://emr", headers=headers
    ) as client:
        yield client


@pytest.fixture
async def center(browser: httpx.AsyncClient) -> AsyncIterator[Center]:
    """A treatment centre at that service."""
    headers = {"Authorization": f"Bearer {API_TOKEN}"}
    transport = browser._transport
    async with httpx.AsyncClient(
        transport=transport, base_url="http://emr", headers=headers
    ) as api:
        opened = Center(api, f"o-{uuid4().hex[:12]}")
        await opened.opens()
        yield opened


@asynccontextmanager
async def at_work(
    run: Callable[[], Coroutine[Any, Any, None]],
) -> AsyncIterator[asyncio.Task[None]]:
    """Let a task of the service's run; it is stopped wherever it is."""
    task = asyncio.create_task(run())
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_webhook_that_arrived_unnoted_comes_again_under_its_id_and_the_queue_goes_on(
    center: Center, database: Database
) -> None:
    def sender() -> Coroutine[Any, Any, None]:
        return Senders(database, asyncio.Event(), allow_private=True).run()

    async with receiving() as receiver:
        endpoint = await add(center, receiver.url)
        test = f"{center.path}/webhooks/{endpoint['id']}/test"
        waiting = [(await center.api.post(test)).json()["event_id"] for _ in range(AT_ONCE + 2)]
        stopped = asyncio.Event()

        async def answer_once_stopped() -> None:
            await stopped.wait()

        receiver.answer = answer_once_stopped
        async with at_work(sender):
            in_flight = {one.headers["webhook-id"] for one in await receiver.waits_for(AT_ONCE)}
        stopped.set()
        async with at_work(sender):
            received = await receiver.waits_for(len(waiting) + AT_ONCE)
            counted = [one.headers["webhook-id"] for one in received]
            assert {each: counted.count(each) for each in waiting} == {
                each: 2 if each in in_flight else 1 for each in waiting
            }
            last = (await center.api.post(test)).json()
            await becomes(center, endpoint, id=last["id"], state="delivered", attempts=1)


async def test_who_was_not_invited_yet_when_the_worker_stopped_is_invited_and_nobody_twice(
    center: Center, browser: httpx.AsyncClient, database: Database
) -> None:
    await have_charts(center)
    await signed_in(browser, center)
    path = await chosen(browser)
    await browser.post(path, data={"csrf_token": await token_in(browser, path)})
    async with database.transaction() as elsewhere:
        held = "SELECT invitation_id FROM bulk_invite_items WHERE position = 75"
        invitation_id: UUID = (await elsewhere.run(held)).scalar_one()
        await queries.alerts.lock_invitation(elsewhere, invitation_id)
        async with at_work(BulkWorker(database).run) as working:
            await blocked_or_done(database, elsewhere, working)
    before = await requested(database)
    assert 0 < len(before) < 75
    async with at_work(BulkWorker(database).run):
        page = await finished(browser, path)
    assert f"{PEOPLE} invitations are requested" in page
    after = await requested(database)
    assert after[: len(before)] == before
    assert sorted(after) == sorted(f"c-{number}" for number in range(PEOPLE))


async def have_charts(center: Center) -> None:
    patient = {"id": "p-1", "given_name": "Ana", "family_name": "Lopez", "email": "a@b.example"}
    charts = [{"id": f"c-{n}", "mrn": f"M-{n}", "patient": patient} for n in range(PEOPLE)]
    (await center.api.post(f"{center.path}/charts", json=charts)).raise_for_status()


async def requested(database: Database) -> list[str]:
    """Return the charts to which somebody will be invited, in the order of the requests."""
    query = "SELECT payload FROM outbox WHERE topic = 'chart.invites.v1' ORDER BY id"
    async with database.transaction() as tx:
        found = (await tx.run(query)).scalars()
        return [InviteRequested.model_validate_json(raw).data.invitee.chart for raw in found]
