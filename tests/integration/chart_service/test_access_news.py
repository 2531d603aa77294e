"""The chart knows who has access to it through the portal."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from chassis.database import Database
from contracts.access import (
    AccessEndReason,
    PortalAccessEnded,
    PortalAccessEndedData,
    PortalAccessGranted,
    PortalAccessGrantedData,
    PortalAccessSuspended,
    PortalAccessSuspendedData,
)
from contracts.envelope import Invitee, utc_now
from contracts.scopes import Role
from services.chart_service import queries
from tests.infrastructure import Servers
from tests.integration.chart_service.conftest import Center, Tell


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    """The service's database: what its queries say to others of the service."""
    opened = Database(servers.database_url("chart"))
    yield opened
    await opened.close()


def granted(invitee: Invitee, account: UUID, invitation: UUID) -> PortalAccessGranted:
    return PortalAccessGranted.of(
        PortalAccessGrantedData(
            invitee=invitee,
            invitation_id=invitation,
            role=Role.PATIENT,
            account_id=account,
            scopes=("dashboard",),
        )
    )


def suspended(invitee: Invitee, account: UUID, invitation: UUID) -> PortalAccessSuspended:
    return PortalAccessSuspended.of(
        PortalAccessSuspendedData(
            invitee=invitee,
            invitation_id=invitation,
            role=Role.PATIENT,
            account_id=account,
            suspended_at=utc_now(),
        )
    )


def ended(invitee: Invitee, account: UUID, invitation: UUID) -> PortalAccessEnded:
    return PortalAccessEnded.of(
        PortalAccessEndedData(
            invitee=invitee,
            invitation_id=invitation,
            role=Role.PATIENT,
            account_id=account,
            reason=AccessEndReason.DISCONNECTED,
            ended_at=utc_now(),
        )
    )


async def test_access_is_followed_from_the_grant_to_its_end(
    center: Center, tell: Tell, database: Database
) -> None:
    invitee = Invitee(organization=center.id, chart="c-1", person="p-1")
    account, invitation = uuid4(), uuid4()

    async def known() -> list[tuple[str, str | None]]:
        async with database.transaction() as tx:
            found = await queries.access.state_of(tx, center.id, "c-1")
        return [(state.state, state.reason) for state in found.values()]

    assert await known() == []
    grant = granted(invitee, account, invitation)
    await tell(grant)
    assert await known() == [("active", None)]
    async with database.transaction() as tx:
        [active] = await queries.access.active_accounts(tx, center.id, "c-1")
        assert not await queries.access.active_accounts(tx, "another", "c-1")
    assert (active.account_id, active.person_id) == (account, "p-1")
    await tell(suspended(invitee, account, invitation))
    assert await known() == [("suspended", None)]
    end = ended(invitee, account, invitation)
    await tell(end, granted(invitee, account, invitation))
    assert await known() == [("ended", "disconnected")]
    await tell(granted(invitee, account, uuid4()))
    assert await known() == [("active", None)]
