"""However far news of charts lags behind, no valid request is refused for it."""

from collections.abc import AsyncIterator

import pytest

from chassis.chart_locks import lock_charts
from chassis.database import Database
from contracts.invitations import InvitationIssued
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.invitation_service.conftest import Center
from tests.waiting import until


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    opened = Database(servers.database_url("invitation"))
    yield opened
    await opened.close()


async def test_a_request_waits_for_news_that_is_held_up_behind_other_news(
    center: Center, events: EventLog, database: Database
) -> None:
    await center.opens()
    slow = await center.has(chart="c-slow")
    late = slow.model_copy(update={"chart": "c-late"})
    request = await center.invites(late)
    await until(lambda: waits(database, center))
    async with database.transaction() as busy:
        await lock_charts(busy, [(center.id, "c-slow")])
        await center.has(chart="c-slow")
        await center.has(chart="c-late")
        await until(lambda: is_long_overdue_or_decided(database, center))
    (issued,) = await events.wait_for(
        InvitationIssued, lambda e: e.data.invitation_id == request.id, seconds=15
    )
    assert issued.data.invitee == late


async def waits(database: Database, center: Center) -> bool:
    return await count(database, center, "true") == 1


async def is_long_overdue_or_decided(database: Database, center: Center) -> bool:
    return await count(database, center, "decide_at > now() - interval '2 seconds'") == 0


async def count(database: Database, center: Center, condition: str) -> int:
    query = f"SELECT count(*) FROM waiting_requests WHERE organization_id = :id AND {condition}"  # noqa: S608 - a constant of this test
    async with database.transaction() as tx:
        return int((await tx.run(query, id=center.id)).scalar_one())
