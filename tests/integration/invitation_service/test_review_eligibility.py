"""An open invitation does not outlive what made its invitee eligible."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from chassis.database import Database
from chassis.security.seal import Seal
from chassis.security.tokens import hash_of
from contracts.chart import InviteRequested, Relationship
from contracts.invitations import InvitationIssued, InvitationRevoked
from contracts.scopes import Role
from services.invitation_service import queries
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.invitation_service.conftest import SEAL_KEY, Center
from tests.waiting import until

ROSA = "rosa@sunrise.example"


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    opened = Database(servers.database_url("invitation"))
    yield opened
    await opened.close()


@pytest.fixture
async def invitation(center: Center, events: EventLog) -> InvitationIssued:
    """A guardian's, open."""
    await center.opens()
    await center.has()
    guardian = await center.has(person="g-1", relationship=Relationship.GUARDIAN, email=ROSA)
    return await issued(events, await center.invites(guardian, Role.GUARDIAN))


async def issued(events: EventLog, request: InviteRequested) -> InvitationIssued:
    (found,) = await events.wait_for(InvitationIssued, lambda e: e.data.invitation_id == request.id)
    return found


async def test_when_the_patient_dies_the_guardians_link_is_dead(
    center: Center, events: EventLog, database: Database, invitation: InvitationIssued
) -> None:
    await center.has(deceased=True)
    await assert_revoked(events, database, invitation)


async def test_when_the_relationship_ends_the_link_is_dead(
    center: Center, events: EventLog, database: Database, invitation: InvitationIssued
) -> None:
    await center.has(person="g-1", relationship=Relationship.GUARDIAN, email=ROSA, ended=True)
    await assert_revoked(events, database, invitation)


async def test_when_a_guardian_is_a_friend_only_the_link_is_dead(
    center: Center, events: EventLog, database: Database, invitation: InvitationIssued
) -> None:
    await center.has(person="g-1", relationship=Relationship.FRIEND, email=ROSA)
    await assert_revoked(events, database, invitation)


async def test_when_the_address_was_wrong_the_link_that_went_there_is_dead(
    center: Center, events: EventLog, database: Database, invitation: InvitationIssued
) -> None:
    other = "rosa.lopez@sunrise.example"
    guardian = await center.has(person="g-1", relationship=Relationship.GUARDIAN, email=other)
    await assert_revoked(events, database, invitation)
    again = await issued(events, await center.invites(guardian, Role.GUARDIAN))
    assert again.data.email == other


async def test_other_news_of_the_person_leaves_the_link_alive(
    center: Center, database: Database, invitation: InvitationIssued
) -> None:
    await center.has(person="g-1", relationship=Relationship.GUARDIAN, email=ROSA.upper())
    await center.has(person="g-2", relationship=Relationship.GUARDIAN, email=None, ended=True)
    await known(database, center, ended=True)
    await known(database, center, email=ROSA.upper())
    assert await redeems(database, invitation)


async def assert_revoked(
    events: EventLog, database: Database, invitation: InvitationIssued
) -> None:
    (revoked,) = await events.wait_for(
        InvitationRevoked,
        lambda e: e.data.invitation_id == invitation.data.invitation_id,
        seconds=10,
    )
    assert revoked.data.invitee == invitation.data.invitee
    assert revoked.data.role is Role.GUARDIAN
    assert revoked.data.revoked_by == "chart_service"
    assert not await redeems(database, invitation)


async def known(
    database: Database, center: Center, *, email: str | None = None, ended: bool = False
) -> None:
    """Return as soon as the service has this news of somebody."""
    query = """
        SELECT count(*) FROM people
        WHERE organization_id = :id AND email IS NOT DISTINCT FROM :email AND ended = :ended
    """

    async def heard() -> bool:
        async with database.transaction() as tx:
            found = await tx.run(query, id=center.id, email=email, ended=ended)
            return bool(found.scalar_one())

    await until(heard)


async def redeems(database: Database, invitation: InvitationIssued) -> bool:
    data = invitation.data
    token = Seal(SEAL_KEY).open(data.sealed_token, bound_to=data.invitation_id)
    async with database.transaction() as tx:
        return await queries.tokens.redeem(tx, hash_of(token), uuid4(), uuid4()) is not None
