"""Events of an invitation's life, published by invitation_service."""

from contracts.invitations.acceptance import (
    InvitationAccepted,
    InvitationAcceptedData,
    InvitationOpened,
    InvitationOpenedData,
)
from contracts.invitations.endings import (
    InvitationExpired,
    InvitationExpiredData,
    InvitationRevoked,
    InvitationRevokedData,
    InvitationSuperseded,
    InvitationSupersededData,
    RevocationReason,
)
from contracts.invitations.invitation import InvitationData, example
from contracts.invitations.issuing import (
    InvitationIssued,
    InvitationIssuedData,
    InvitationReminderIssued,
    InvitationReminderIssuedData,
)
from contracts.invitations.rejection import (
    InvitationRejected,
    InvitationRejectedData,
    RejectionReason,
)

__all__ = [
    "InvitationAccepted",
    "InvitationAcceptedData",
    "InvitationData",
    "InvitationExpired",
    "InvitationExpiredData",
    "InvitationIssued",
    "InvitationIssuedData",
    "InvitationOpened",
    "InvitationOpenedData",
    "InvitationRejected",
    "InvitationRejectedData",
    "InvitationReminderIssued",
    "InvitationReminderIssuedData",
    "InvitationRevoked",
    "InvitationRevokedData",
    "InvitationSuperseded",
    "InvitationSupersededData",
    "RejectionReason",
    "RevocationReason",
    "example",
]
