"""Access that is over: taken away, told to the chart, to the history, and to people by mail."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from chassis.database import Transaction
from contracts.access import (
    AccessEndReason,
    NoticeKind,
    PortalAccessEnded,
    PortalAccessEndedData,
)
from contracts.envelope import Invitee
from contracts.scopes import Role
from services.portal_access import notices, queries, rules
from services.portal_access.models import AccountEvent, Connection, Happened
from services.portal_access.queries.people import ChartKey

SYSTEM = "system"
"""Who ends access when an event does."""

Ended = tuple[UUID, UUID]
"""Of a connection that ended: its account and its invitation."""


async def end_what_is_over(
    tx: Transaction, charts: Collection[ChartKey], fresh: Collection[UUID] = ()
) -> set[Ended]:
    """Take away every connection to these charts that may be no longer; return which.

    The caller holds the locks of the charts. Connections by `fresh` invitations were made in this
    transaction: nobody had access by them, so their end is no news to the patient.
    """
    over = [
        (standing, reason)
        for standing in await queries.connections.standings(tx, charts)
        if (reason := rules.end_reason(standing))
    ]
    if not over:
        return set()
    gone = await queries.connections.remove(tx, [standing for standing, _ in over])
    over = [(one, why) for one, why in over if (one.account_id, one.invitation_id) in gone]
    await queries.history.add(tx, [disconnected(tx, one, why, SYSTEM) for one, why in over])
    came_of_age = set()
    for one, why in over:
        tx.publish(ended(tx, one, why, None))
        if told := notices.of_ended_access(one, why, tx.now):
            tx.publish(told)
        if why is AccessEndReason.PATIENT_OF_AGE and one.invitation_id not in fresh:
            came_of_age.add((one.organization_id, one.chart_id))
    await _tell_patients(tx, came_of_age)
    return gone


async def _tell_patients(tx: Transaction, charts: Collection[ChartKey]) -> None:
    if not charts:
        return
    for patient in await queries.people.patients_to_tell(tx, charts):
        told = notices.notice(
            NoticeKind.GUARDIANS_ENDED, patient, patient.recipient, patient, tx.now
        )
        if told:
            tx.publish(told)


def ended(
    tx: Transaction,
    connection: Row[Any] | Connection,
    reason: AccessEndReason,
    ended_by: str | None,
) -> PortalAccessEnded:
    """Return the event that says that a connection ended."""
    data = PortalAccessEndedData(
        invitee=invitee_of(connection),
        invitation_id=connection.invitation_id,
        role=Role(connection.role),
        account_id=connection.account_id,
        reason=reason,
        ended_by=ended_by,
        ended_at=tx.now,
    )
    return PortalAccessEnded.of(data)


def disconnected(
    tx: Transaction, connection: Row[Any] | Connection, reason: AccessEndReason, actor: str
) -> AccountEvent:
    """Return the line of the account's history that says so."""
    return AccountEvent(
        organization_id=connection.organization_id,
        account_id=connection.account_id,
        at=tx.now,
        what=Happened.DISCONNECTED,
        actor=actor,
        chart_id=connection.chart_id,
        person_id=connection.person_id,
        role=connection.role,
        reason=reason,
        invitation_id=connection.invitation_id,
    )


def invitee_of(connection: Row[Any] | Connection) -> Invitee:
    """Return who sees which chart by a connection."""
    return Invitee(
        organization=connection.organization_id,
        chart=connection.chart_id,
        person=connection.person_id,
    )
