"""One function per consumed event: load, decide, save, publish."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from chassis.chart_locks import lock_charts
from chassis.database import Transaction
from contracts.access import (
    FacesheetAlertCleared,
    FacesheetAlertClearedData,
    NoticeKind,
    PortalAccessGranted,
    PortalAccessGrantedData,
)
from contracts.chart import MessageSent, OrganizationChanged, PersonChanged, PolicyPublished
from contracts.invitations import InvitationAccepted
from contracts.scopes import scopes_of
from services.portal_access import accounts as account_acts
from services.portal_access import endings, notices, queries
from services.portal_access.models import AccountEvent, Connection, Happened
from services.portal_access.queries.people import ChartKey


class AccountMissingError(LookupError):
    """An invitation was accepted, and neither a registration nor an account is there for it."""


async def organization_changed(events: list[OrganizationChanged], tx: Transaction) -> None:
    """Keep a copy of organisations, and end what their settings end from now on."""
    await queries.brands.keep_brands(tx, events)
    organizations = {event.data.organization for event in events}
    charts = await queries.people.charts_left(tx, organizations)
    await lock_charts(tx, charts)
    await endings.end_what_is_over(tx, charts)


async def policy_published(events: list[PolicyPublished], tx: Transaction) -> None:
    """Keep the texts that people agree to, each version of them."""
    await queries.policies.keep(tx, events)


async def person_changed(events: list[PersonChanged], tx: Transaction) -> None:
    """Keep a copy of people, and end the access of who may see their chart no longer."""
    charts = {_chart_of(event) for event in events}
    await _hold(tx, charts)
    await queries.people.keep_people(tx, events)
    await endings.end_what_is_over(tx, charts)


async def message_sent(events: list[MessageSent], tx: Transaction) -> None:
    """Tell by mail that there is a message, and no more."""
    invitees = {event.data.invitee for event in events}
    to_notify = await queries.connections.to_notify(tx, invitees)
    for event in events:
        for row in to_notify.get(event.data.invitee, ()):
            kind, recipient = NoticeKind.MESSAGE_WAITING, str(row.account_id)
            if told := notices.notice(kind, row, recipient, row, tx.now):
                tx.publish(told)


async def invitation_accepted(events: list[InvitationAccepted], tx: Transaction) -> None:
    """Make the account if there is none yet, connect it to the chart, and clear the alert.

    Where newer news of the person came first, the connection is over at once and nobody ever
    had access by it.

    Raises:
        AccountMissingError: what was registered is lost; the event belongs to the dead letters.
    """
    charts = {_chart_of(event) for event in events}
    await _hold(tx, charts)
    redemptions = [event.data.redemption_id for event in events]
    created = await queries.accounts.add_accounts(tx, redemptions)
    accounts = await queries.accounts.accounts_of(tx, events)
    connections = [_connection(event, accounts, tx) for event in events]
    disabled = await queries.accounts.hold(tx, set(accounts.values()))
    await queries.connections.add_connections(tx, connections)
    await queries.acceptances.drop_registrations(tx, redemptions)
    await queries.history.add(tx, [_created(row, tx) for row in created])
    fresh = {event.data.invitation_id for event in events}
    gone = await endings.end_what_is_over(tx, charts, fresh)
    granted = []
    for event, connection in zip(events, connections, strict=True):
        if (connection.account_id, connection.invitation_id) not in gone:
            granted.append(connection)
            tx.publish(_granted(event, connection))
            if connection.account_id in disabled:
                tx.publish(account_acts.suspended(tx, connection, None))
        tx.publish(_cleared(event, tx))
    await queries.history.add(tx, [_connected(connection) for connection in granted])


def _chart_of(event: InvitationAccepted | PersonChanged) -> ChartKey:
    return event.data.invitee.organization, event.data.invitee.chart


async def _hold(tx: Transaction, charts: Collection[ChartKey]) -> None:
    # Settings, then charts, then accounts: locks in one order never wait in a ring.
    await queries.brands.hold(tx, {organization for organization, _ in charts})
    await lock_charts(tx, charts)


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


def _created(row: Row[Any], tx: Transaction) -> AccountEvent:
    return AccountEvent(
        organization_id=row.organization_id,
        account_id=row.id,
        at=tx.now,
        what=Happened.CREATED,
        actor=f"portal:{row.id}",
    )


def _connected(connection: Connection) -> AccountEvent:
    return AccountEvent(
        organization_id=connection.organization_id,
        account_id=connection.account_id,
        at=connection.granted_at,
        what=Happened.CONNECTED,
        actor=f"portal:{connection.account_id}",
        chart_id=connection.chart_id,
        person_id=connection.person_id,
        role=connection.role,
        invitation_id=connection.invitation_id,
    )
