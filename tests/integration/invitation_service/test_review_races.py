"""What happens to an invitation at the same moment as a decision on its chart."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.database import Database, Transaction
from chassis.security.seal import Seal
from chassis.security.tokens import hash_of
from contracts.chart import InviteRequested, InviteRequestedData
from contracts.invitations import InvitationIssued, InvitationRejected, RejectionReason
from contracts.scopes import Role
from services.invitation_service import queries
from services.invitation_service.handlers import Handlers
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.invitation_service.conftest import SEAL_KEY, Center


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    opened = Database(servers.database_url("invitation"))
    yield opened
    await opened.close()


async def test_accepted_while_asked_for_again_no_second_invitation_is_issued(
    center: Center, events: EventLog, database: Database
) -> None:
    await center.opens()
    patient = await center.has()
    first = await center.invites(patient)
    (issued,) = await events.wait_for(InvitationIssued, lambda e: e.data.invitation_id == first.id)
    token = Seal(SEAL_KEY).open(issued.data.sealed_token, bound_to=first.id)
    again = InviteRequested.of(InviteRequestedData(invitee=patient, role=Role.PATIENT))
    async with database.transaction() as redeeming:
        await queries.tokens.redeem(redeeming, hash_of(token), uuid4(), uuid4())
        deciding = asyncio.create_task(decide(database, again))
        await blocked_or_done(database, redeeming, deciding)
    await deciding
    assert await live(database, center) == 1
    (rejected,) = await events.wait_for(
        InvitationRejected, lambda e: e.data.invitation_id == again.id
    )
    assert rejected.data.reason is RejectionReason.ALREADY_CONNECTED


async def decide(database: Database, request: InviteRequested) -> None:
    handlers = Handlers(Seal(SEAL_KEY), timedelta(seconds=1))
    async with database.transaction() as tx:
        await handlers.invite_requested([request], tx)


async def blocked_or_done(
    database: Database, blocker: Transaction, task: asyncio.Task[None]
) -> None:
    """Return as soon as somebody waits for this transaction, or the task did not have to."""
    pid = (await blocker.run("SELECT pg_backend_pid()")).scalar_one()
    query = "SELECT count(*) FROM pg_stat_activity WHERE :pid = ANY(pg_blocking_pids(pid))"
    async with asyncio.timeout(60), database.transaction() as tx:
        while not task.done() and not (await tx.run(query, pid=pid)).scalar_one():
            await tx.run("SELECT pg_stat_clear_snapshot()")


async def live(database: Database, center: Center) -> int:
    query = """
        SELECT count(*) FROM invitations
        WHERE organization_id = :id AND state IN ('open', 'accepted')
    """
    async with database.transaction() as tx:
        return int((await tx.run(query, id=center.id)).scalar_one())
