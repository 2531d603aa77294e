"""One function per consumed event: load, decide, save, publish."""

from uuid import UUID

from chassis.database import Transaction
from contracts.access import (
    FacesheetAlertCleared,
    FacesheetAlertClearedData,
    PortalAccessGranted,
    PortalAccessGrantedData,
)
from contracts.chart import OrganizationChanged
from contracts.invitations import InvitationAccepted
from contracts.scopes import scopes_of
from services.portal_access import queries
from services.portal_access.models import Connection


class AccountMissingError(LookupError):
    """An invitation was accepted, and neither a registration nor an account is there for it."""


async def organization_changed(events: list[OrganizationChanged], tx: Transaction) -> None:
    """Keep a copy of how organisations show themselves."""
    await queries.brands.keep_brands(tx, events)


async def invitation_accepted(events: list[InvitationAccepted], tx: Transaction) -> None:
    """Make the account if there is none yet, connect it to the chart, and clear the alert.

    Raises:
        AccountMissingError: what was registered is lost; the event belongs to the dead letters.
    """
    redemptions = [event.data.redemption_id for event in events]
    await queries.accounts.add_accounts(tx, redemptions)
    accounts = await queries.accounts.accounts_of(tx, events)
    connections = [_connection(event, accounts, tx) for event in events]
    await queries.connections.add_connections(tx, connections)
    await queries.acceptances.drop_registrations(tx, redemptions)
    for event, connection in zip(events, connections, strict=True):
        tx.publish(_granted(event, connection))
        tx.publish(_cleared(event, tx))


def _connection(
    event: InvitationAccepted, accounts: dict[UUID, UUID], tx: Transaction
) -> Connection:
    data = event.data
    account_id = accounts.get(data.redemption_id)
    if account_id is None:
        raise AccountMissingError(
            f"redemption {data.redemption_id} has neither a registration nor an account"
        )
    return Connection(
        account_id=account_id,
        organization_id=data.invitee.organization,
        chart_id=data.invitee.chart,
        person_id=data.invitee.person,
        role=data.role,
        scopes=list(scopes_of(data.role)),
        invitation_id=data.invitation_id,
        granted_at=tx.now,
    )


def _granted(event: InvitationAccepted, connection: Connection) -> PortalAccessGranted:
    data = PortalAccessGrantedData(
        invitee=event.data.invitee,
        invitation_id=event.data.invitation_id,
        role=event.data.role,
        account_id=connection.account_id,
        scopes=tuple(connection.scopes),
    )
    return PortalAccessGranted.of(data, cause=event)


def _cleared(event: InvitationAccepted, tx: Transaction) -> FacesheetAlertCleared:
    data = FacesheetAlertClearedData(
        invitee=event.data.invitee,
        invitation_id=event.data.invitation_id,
        role=event.data.role,
        cleared_at=tx.now,
    )
    return FacesheetAlertCleared.of(data, cause=event)
