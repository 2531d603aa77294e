"""An invitation's events, as the other services publish them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from contracts.access import (
    AccessEndReason,
    FacesheetAlertCleared,
    FacesheetAlertClearedData,
    NewInvitationAsked,
    NewInvitationAskedData,
    PortalAccessEnded,
    PortalAccessEndedData,
    PortalAccessGranted,
    PortalAccessGrantedData,
)
from contracts.chart import InviteRequested, InviteRequestedData
from contracts.deliveries import (
    InvitationBounced,
    InvitationBouncedData,
    InvitationReminderSent,
    InvitationReminderSentData,
    InvitationSent,
    InvitationSentData,
)
from contracts.envelope import Invitee
from contracts.invitations import (
    InvitationAccepted,
    InvitationAcceptedData,
    InvitationExpired,
    InvitationExpiredData,
    InvitationIssued,
    InvitationIssuedData,
    InvitationOpened,
    InvitationOpenedData,
    InvitationRejected,
    InvitationRejectedData,
    InvitationRevoked,
    InvitationRevokedData,
    InvitationSuperseded,
    InvitationSupersededData,
    RejectionReason,
)
from contracts.scopes import Role

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Invitation:
    """An invitation's events, as the other services publish them."""

    def __init__(self, invitee: Invitee, hour: int = 9) -> None:
        self.invitee = invitee
        self.at = NOW.replace(hour=hour)
        data = InviteRequestedData(invitee=invitee, role=Role.PATIENT)
        self.requested = InviteRequested.of(data).model_copy(update={"time": self.at})
        self.id = self.requested.id
        self.account = uuid4()

    @property
    def issued(self) -> InvitationIssued:
        more = {"email": "a@b.example", "given_name": "Ana", "expires_at": NOW}
        return InvitationIssued.of(self._data(InvitationIssuedData, sealed_token="x", **more))

    @property
    def rejected(self) -> InvitationRejected:
        reason = RejectionReason.EMAIL_TAKEN
        return InvitationRejected.of(
            self._data(InvitationRejectedData, reason=reason, message="The address is taken.")
        )

    @property
    def superseded(self) -> InvitationSuperseded:
        return InvitationSuperseded.of(self._data(InvitationSupersededData, superseded_by=uuid4()))

    @property
    def revoked(self) -> InvitationRevoked:
        return InvitationRevoked.of(self._data(InvitationRevokedData))

    @property
    def expired(self) -> InvitationExpired:
        return InvitationExpired.of(self._data(InvitationExpiredData, expired_at=NOW))

    @property
    def sent(self) -> InvitationSent:
        return InvitationSent.of(self._data(InvitationSentData, message_id="<m@x>", sent_at=NOW))

    @property
    def bounced(self) -> InvitationBounced:
        more = {"smtp_code": 550, "bounced_at": NOW, "message": "There is no such mailbox."}
        return InvitationBounced.of(self._data(InvitationBouncedData, **more))

    @property
    def opened(self) -> InvitationOpened:
        return InvitationOpened.of(self._data(InvitationOpenedData, opened_at=NOW))

    @property
    def reminded(self) -> InvitationReminderSent:
        more = {"message_id": "<m.reminder@x>", "sent_at": NOW}
        return InvitationReminderSent.of(self._data(InvitationReminderSentData, **more))

    @property
    def accepted(self) -> InvitationAccepted:
        more = {"redemption_id": uuid4(), "account_id": self.account, "accepted_at": NOW}
        return InvitationAccepted.of(self._data(InvitationAcceptedData, **more))

    @property
    def granted(self) -> PortalAccessGranted:
        more = {"account_id": self.account, "scopes": ("dashboard",)}
        return PortalAccessGranted.of(self._data(PortalAccessGrantedData, **more))

    def ended(self, by: str) -> PortalAccessEnded:
        more = {"account_id": self.account, "reason": AccessEndReason.DISCONNECTED}
        return PortalAccessEnded.of(
            self._data(PortalAccessEndedData, ended_by=by, ended_at=NOW, **more)
        )

    @property
    def cleared(self) -> FacesheetAlertCleared:
        return FacesheetAlertCleared.of(self._data(FacesheetAlertClearedData, cleared_at=NOW))

    def asked(self, hour: int) -> NewInvitationAsked:
        asked_at = NOW.replace(hour=hour)
        return NewInvitationAsked.of(self._data(NewInvitationAskedData, asked_at=asked_at))

    def _data(self, kind: Callable[..., Any], **more: Any) -> Any:
        known = {"invitation_id": self.id, "invitee": self.invitee, "role": Role.PATIENT}
        return kind(**known, requested_at=self.at, **more)
