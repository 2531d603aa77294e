"""The history of invitations: each step of one, and of the access that came of it.

Steps carry ids of people and reasons, never a link, a token or an address.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from contracts.access import (
    InvitationLocked,
    NewInvitationAsked,
    PortalAccessEnded,
    PortalAccessGranted,
    PortalAccessResumed,
    PortalAccessSuspended,
)
from contracts.chart import InviteRequested, RevokeRequested
from contracts.deliveries import InvitationBounced, InvitationReminderSent, InvitationSent
from contracts.invitations import (
    InvitationAccepted,
    InvitationExpired,
    InvitationIssued,
    InvitationOpened,
    InvitationRejected,
    InvitationRevoked,
    InvitationSuperseded,
    RevocationReason,
)
from services.chart_service.models import HistoryStep
from services.chart_service.queries.history import NewStep

HistoryEvent = (
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
    | PortalAccessGranted
    | PortalAccessSuspended
    | PortalAccessResumed
    | PortalAccessEnded
    | NewInvitationAsked
    | InvitationLocked
)


class Step(StrEnum):
    """What happened; stable, for the API."""

    REQUESTED = "requested"
    ISSUED = "issued"
    SENT = "sent"
    BOUNCED = "bounced"
    REMINDED = "reminded"
    OPENED = "opened"
    LOCKED = "locked"
    REVOCATION_REQUESTED = "revocation_requested"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    ACCESS_GRANTED = "access_granted"
    ACCESS_SUSPENDED = "access_suspended"
    ACCESS_RESUMED = "access_resumed"
    ACCESS_ENDED = "access_ended"
    NEW_ASKED = "new_asked"


STEP_BY_EVENT: dict[type[HistoryEvent], Step] = {
    InviteRequested: Step.REQUESTED,
    InvitationIssued: Step.ISSUED,
    InvitationSent: Step.SENT,
    InvitationBounced: Step.BOUNCED,
    InvitationReminderSent: Step.REMINDED,
    InvitationOpened: Step.OPENED,
    InvitationRejected: Step.REJECTED,
    InvitationSuperseded: Step.SUPERSEDED,
    InvitationRevoked: Step.REVOKED,
    InvitationExpired: Step.EXPIRED,
    InvitationAccepted: Step.ACCEPTED,
    PortalAccessGranted: Step.ACCESS_GRANTED,
    PortalAccessSuspended: Step.ACCESS_SUSPENDED,
    PortalAccessResumed: Step.ACCESS_RESUMED,
    PortalAccessEnded: Step.ACCESS_ENDED,
    NewInvitationAsked: Step.NEW_ASKED,
    InvitationLocked: Step.LOCKED,
}

PORTICO = "system"
EMR = "emr"
INVITEE = "invitee"

_ACTOR = re.compile(r"system|operator|(staff|client|portal):[A-Za-z0-9-]{1,64}")
_ORDER = {step: number for number, step in enumerate(Step)}


@dataclass(frozen=True, slots=True)
class InvitationHistory:
    """All that happened to one invitation, newest first."""

    invitation_id: UUID
    role: str
    steps: Sequence[HistoryStep]


def step_of(event: HistoryEvent) -> NewStep:
    """Return what an event adds to the history of its invitation."""
    invitation_id = event.id if isinstance(event, InviteRequested) else event.data.invitation_id
    step = STEP_BY_EVENT[type(event)]
    return _step(event, invitation_id, step, _actor(event), _detail(event))


def revocation_asked_for(event: RevokeRequested, invitation_id: UUID) -> NewStep:
    """Return what a request to revoke adds to the history of the invitation that is open."""
    actor = _known(event.data.requested_by or EMR)
    return _step(event, invitation_id, Step.REVOCATION_REQUESTED, actor)


def by_invitation(steps: Iterable[HistoryStep]) -> list[InvitationHistory]:
    """Return a person's history, invitation by invitation, the newest first.

    Services' clocks may differ by a little: steps of one moment are ordered by what they mean.
    """
    groups: dict[UUID, list[HistoryStep]] = {}
    for step in sorted(steps, key=_when, reverse=True):
        groups.setdefault(step.invitation_id, []).append(step)
    found = [InvitationHistory(key, some[0].role, some) for key, some in groups.items()]
    return sorted(found, key=lambda one: one.steps[-1].at, reverse=True)


def _when(step: HistoryStep) -> tuple[bool, datetime, int]:
    # Nothing comes before the request, whatever the clock says of the EMR that made it.
    return step.step != Step.REQUESTED, step.at, _ORDER[Step(step.step)]


def _step(
    event: HistoryEvent | RevokeRequested,
    invitation_id: UUID,
    step: Step,
    actor: str,
    detail: str | None = None,
) -> NewStep:
    invitee = event.data.invitee
    return NewStep(
        invitee.organization,
        event.id,
        invitee.chart,
        invitee.person,
        invitation_id,
        event.data.role.value,
        step.value,
        event.time,
        actor,
        detail,
    )


def _actor(event: HistoryEvent) -> str:
    if isinstance(event, InvitationOpened | InvitationAccepted | NewInvitationAsked):
        return INVITEE
    if isinstance(event, InviteRequested):
        return _known(event.data.requested_by or EMR)
    return _known(_who_decided(event) or PORTICO)


def _who_decided(event: HistoryEvent) -> str | None:
    match event:
        case InvitationRevoked():
            asked_for = event.data.reason in {None, RevocationReason.REQUESTED}
            return event.data.revoked_by or (EMR if asked_for else None)
        case PortalAccessEnded():
            return event.data.ended_by
        case PortalAccessSuspended():
            return event.data.suspended_by
        case PortalAccessResumed():
            return event.data.resumed_by
        case _:
            return None


def _known(actor: str) -> str:
    """Keep ids as chart_service makes them: who else publishes may have put in anything."""
    return actor if _ACTOR.fullmatch(actor) else EMR


def _detail(event: HistoryEvent) -> str | None:
    match event:
        case InvitationBounced() | InvitationRejected():
            return event.data.message
        case InvitationRevoked() | PortalAccessEnded():
            return event.data.reason.value if event.data.reason else None
        case InvitationLocked():
            return event.data.reason.value
        case _:
            return None
