"""What each event says of an invitation, for the alert of it on the facesheet."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.access import FacesheetAlertCleared, InvitationLocked, LockReason, NewInvitationAsked
from contracts.chart import InviteRequested
from contracts.deliveries import InvitationBounced, InvitationReminderSent, InvitationSent
from contracts.invitations import (
    InvitationAccepted,
    InvitationExpired,
    InvitationIssued,
    InvitationOpened,
    InvitationRejected,
    InvitationRevoked,
    InvitationSuperseded,
)
from services.chart_service.models import AlertState

AlertEvent = (
    InviteRequested
    | InvitationIssued
    | InvitationRejected
    | InvitationSuperseded
    | InvitationRevoked
    | InvitationExpired
    | InvitationOpened
    | InvitationAccepted
    | InvitationSent
    | InvitationBounced
    | InvitationReminderSent
    | FacesheetAlertCleared
    | NewInvitationAsked
    | InvitationLocked
)

STATE_BY_EVENT: dict[type[AlertEvent], AlertState] = {
    InviteRequested: AlertState.REQUESTED,
    InvitationIssued: AlertState.ISSUED,
    InvitationSent: AlertState.SENT,
    InvitationBounced: AlertState.BOUNCED,
    InvitationReminderSent: AlertState.REMINDED,
    InvitationOpened: AlertState.OPENED,
    InvitationRejected: AlertState.REJECTED,
    InvitationSuperseded: AlertState.SUPERSEDED,
    InvitationRevoked: AlertState.REVOKED,
    InvitationExpired: AlertState.EXPIRED,
    InvitationAccepted: AlertState.ACCEPTED,
    FacesheetAlertCleared: AlertState.CLEARED,
    NewInvitationAsked: AlertState.ASKED,
    InvitationLocked: AlertState.LOCKED,
}
"""What each event says of its invitation."""

_LOCKED = {
    LockReason.BIRTH_DATE_WRONG: (
        "The date of birth was wrong five times. Make sure who has the mail, then resend it."
    ),
    LockReason.BIRTH_DATE_MISSING: (
        "No date of birth of the patient is on file. Enter it, then resend the invitation."
    ),
}
"""Why a link is locked, and what staff do about it."""


@dataclass(frozen=True, slots=True)
class News:
    """What one event says of an invitation."""

    organization_id: str
    invitation_id: UUID
    chart_id: str
    person_id: str
    role: str
    state: AlertState
    detail: str | None
    requested_at: datetime | None
    updated_at: datetime
    asked_at: datetime | None = None


def news_of(event: AlertEvent) -> News:
    """Return an event's news; an invitation's id is the id of the event that requested it."""
    data = event.data
    return News(
        data.invitee.organization,
        event.id if isinstance(event, InviteRequested) else event.data.invitation_id,
        data.invitee.chart,
        data.invitee.person,
        data.role.value,
        STATE_BY_EVENT[type(event)],
        _detail(event),
        _requested_at(event),
        event.time,
        event.data.asked_at if isinstance(event, NewInvitationAsked) else None,
    )


def _detail(event: AlertEvent) -> str | None:
    if isinstance(event, InvitationBounced | InvitationRejected):
        return event.data.message
    return _LOCKED[event.data.reason] if isinstance(event, InvitationLocked) else None


def _requested_at(event: AlertEvent) -> datetime | None:
    if isinstance(event, InviteRequested):
        return event.time
    if isinstance(event, InvitationIssued | InvitationRejected):
        return event.data.requested_at
    return None
