"""What an organisation is told of an event: ids, states and reasons, no address and no name."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from contracts.access import (
    InvitationLocked,
    NewInvitationAsked,
    PortalAccessEnded,
    PortalAccessGranted,
    PortalAccessResumed,
    PortalAccessSuspended,
)
from contracts.chart import InviteRequested
from contracts.deliveries import InvitationBounced, InvitationSent
from contracts.envelope import CloudEvent
from contracts.invitations import (
    InvitationAccepted,
    InvitationExpired,
    InvitationIssued,
    InvitationOpened,
    InvitationRejected,
    InvitationRevoked,
    InvitationSuperseded,
)

TYPE_BY_EVENT: dict[type[CloudEvent], str] = {
    InviteRequested: "invitation.requested",
    InvitationIssued: "invitation.issued",
    InvitationSent: "invitation.sent",
    InvitationBounced: "invitation.bounced",
    InvitationOpened: "invitation.opened",
    InvitationLocked: "invitation.locked",
    InvitationAccepted: "invitation.accepted",
    InvitationRejected: "invitation.rejected",
    InvitationExpired: "invitation.expired",
    InvitationRevoked: "invitation.revoked",
    InvitationSuperseded: "invitation.superseded",
    NewInvitationAsked: "invitation.new_asked",
    PortalAccessGranted: "access.granted",
    PortalAccessSuspended: "access.suspended",
    PortalAccessResumed: "access.resumed",
    PortalAccessEnded: "access.ended",
}
"""The types by which endpoints choose; stable."""

TEST = "webhook.test"
_TOLD = ("role", "invitation_id", "account_id", "reason", "smtp_code", "superseded_by")
"""The fields of events that may leave; a new field of an event does not leave by itself."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it goes to endpoints; its id stays the same whenever it is sent."""

    id: UUID
    organization_id: str
    type: str
    payload: str


def message_of(event: Any) -> Message:
    """Return what is told of an event."""
    invitee = event.data.invitee
    said = event.data.model_dump(mode="json")
    data = invitee.model_dump() | {name: said[name] for name in _TOLD if said.get(name) is not None}
    # An invitation's id is the id of the event that requested it.
    data.setdefault("invitation_id", str(event.id))
    return _message(event.id, invitee.organization, TYPE_BY_EVENT[type(event)], event.time, data)


def test_message(organization_id: str, now: datetime) -> Message:
    """Return a message by which a receiver can be tried."""
    data = {"organization": organization_id}
    return _message(uuid4(), organization_id, TEST, now, data)


def _message(
    message_id: UUID, organization_id: str, kind: str, at: datetime, data: dict[str, Any]
) -> Message:
    payload = {"type": kind, "timestamp": at.isoformat(), "data": data}
    return Message(message_id, organization_id, kind, json.dumps(payload))
