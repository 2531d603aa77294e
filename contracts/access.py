"""Events of access to charts, published by portal_access."""

from enum import StrEnum
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from contracts.envelope import CloudEvent, Identifier, Language
from contracts.invitations import InvitationData, example


class PortalAccessGrantedData(InvitationData):
    """Which account now has which scopes on the chart (ROLE_TABLE.md)."""

    model_config = example(
        account_id="a1b2c3d4-0000-4000-8000-000000000004",
        scopes=["dashboard", "information", "appointments"],
    )

    account_id: UUID
    scopes: tuple[str, ...]


class PortalAccessGranted(CloudEvent):
    """A portal account was connected to a chart in a role."""

    name: ClassVar[str] = "PortalAccessGranted"
    publisher: ClassVar[str] = "portal_access"
    type: Literal["portico.PortalAccessGranted.v1"]
    data: PortalAccessGrantedData


class FacesheetAlertClearedData(InvitationData):
    """When the alert lost its reason."""

    model_config = example(cleared_at="2026-03-02T09:31:00Z")

    cleared_at: AwareDatetime


class FacesheetAlertCleared(CloudEvent):
    """The invitation was accepted: its alert leaves the facesheet."""

    name: ClassVar[str] = "FacesheetAlertCleared"
    publisher: ClassVar[str] = "portal_access"
    type: Literal["portico.FacesheetAlertCleared.v1"]
    data: FacesheetAlertClearedData


class AccessEndReason(StrEnum):
    """Why somebody sees a chart no longer; stable, for machines."""

    DISCONNECTED = "disconnected"
    RELATIONSHIP_ENDED = "relationship_ended"
    RELATIONSHIP_NOT_ELIGIBLE = "relationship_not_eligible"
    PATIENT_DECEASED = "patient_deceased"
    PATIENT_DISCHARGED = "patient_discharged"
    PATIENT_OF_AGE = "patient_of_age"


class PortalAccessEndedData(InvitationData):
    """Which account sees the chart no longer in that role, since when and why."""

    model_config = example(
        account_id="a1b2c3d4-0000-4000-8000-000000000004",
        reason="disconnected",
        ended_by="staff:s-7",
        ended_at="2026-03-02T09:31:00Z",
    )

    account_id: UUID
    reason: AccessEndReason
    ended_by: str | None = Field(default=None, max_length=200)
    ended_at: AwareDatetime


class PortalAccessEnded(CloudEvent):
    """A portal account was disconnected from a chart."""

    name: ClassVar[str] = "PortalAccessEnded"
    publisher: ClassVar[str] = "portal_access"
    type: Literal["portico.PortalAccessEnded.v1"]
    data: PortalAccessEndedData


class PortalAccessSuspendedData(InvitationData):
    """Which account was disabled, by whom; its connections stay and wait."""

    model_config = example(
        account_id="a1b2c3d4-0000-4000-8000-000000000004",
        suspended_by="staff:s-7",
        suspended_at="2026-03-02T09:31:00Z",
    )

    account_id: UUID
    suspended_by: str | None = Field(default=None, max_length=200)
    suspended_at: AwareDatetime


class PortalAccessSuspended(CloudEvent):
    """The account of a connection was disabled: nobody sees the chart by it until it is enabled."""

    name: ClassVar[str] = "PortalAccessSuspended"
    publisher: ClassVar[str] = "portal_access"
    type: Literal["portico.PortalAccessSuspended.v1"]
    data: PortalAccessSuspendedData


class PortalAccessResumedData(InvitationData):
    """Which account was enabled again, by whom."""

    model_config = example(
        account_id="a1b2c3d4-0000-4000-8000-000000000004",
        resumed_by="staff:s-7",
        resumed_at="2026-03-02T09:31:00Z",
    )

    account_id: UUID
    resumed_by: str | None = Field(default=None, max_length=200)
    resumed_at: AwareDatetime


class PortalAccessResumed(CloudEvent):
    """The account of a connection was enabled again."""

    name: ClassVar[str] = "PortalAccessResumed"
    publisher: ClassVar[str] = "portal_access"
    type: Literal["portico.PortalAccessResumed.v1"]
    data: PortalAccessResumedData


class NewInvitationAskedData(InvitationData):
    """When it was asked for; the invitation is the one whose link did not work."""

    model_config = example(asked_at="2026-03-02T09:31:00Z")

    asked_at: AwareDatetime


class NewInvitationAsked(CloudEvent):
    """Who followed a link that works no longer asks the staff for a new invitation."""

    name: ClassVar[str] = "NewInvitationAsked"
    publisher: ClassVar[str] = "portal_access"
    type: Literal["portico.NewInvitationAsked.v1"]
    data: NewInvitationAskedData


class LockReason(StrEnum):
    """Why the link of an invitation is locked; stable, for machines."""

    BIRTH_DATE_WRONG = "birth_date_wrong"
    BIRTH_DATE_MISSING = "birth_date_missing"


class InvitationLockedData(InvitationData):
    """Since when its links are locked, and why; only a new invitation has a link that works."""

    model_config = example(reason="birth_date_wrong", locked_at="2026-03-02T09:31:00Z")

    reason: LockReason
    locked_at: AwareDatetime


class InvitationLocked(CloudEvent):
    """The links of an open invitation are let through no longer: a check was not passed."""

    name: ClassVar[str] = "InvitationLocked"
    publisher: ClassVar[str] = "portal_access"
    type: Literal["portico.InvitationLocked.v1"]
    data: InvitationLockedData


class NoticeKind(StrEnum):
    """What a notice by mail says; none says anything of a person's health."""

    VERIFY_EMAIL = "verify_email"
    EMAIL_CHANGED = "email_changed"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - what happens
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - what happens
    SIGN_IN_CHANGED = "sign_in_changed"
    MESSAGE_WAITING = "message_waiting"
    GUARDIAN_ACCESS_ENDED = "guardian_access_ended"
    GUARDIANS_ENDED = "guardians_ended"
    ACCESS_ENDED = "access_ended"


class NoticeRequestedData(BaseModel):
    """Whom a mail tells what; a link needs a token, sealed for notification_service alone."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "organization": "sunrise",
                    "recipient": "a1b2c3d4-0000-4000-8000-000000000004",
                    "kind": "verify_email",
                    "email": "ana.lopez@example.org",
                    "given_name": "Ana",
                    "sealed_token": "c2VhbGVkLCBub3QgYSB0b2tlbg==",
                    "expires_at": "2026-03-03T09:30:00Z",
                    "language": "es",
                }
            ]
        },
    )

    organization: Identifier
    recipient: Identifier = Field(description="An account's or person's id, which keeps the order.")
    kind: NoticeKind
    email: str = Field(max_length=320)
    given_name: str = Field(default="", max_length=100)
    sealed_token: str | None = Field(default=None, max_length=400)
    expires_at: AwareDatetime | None = Field(
        default=None, description="From then on the mail is of no use and is not sent."
    )
    language: Language | None = Field(default=None, description="In which the mail is written.")

    @property
    def key(self) -> str:
        """The event's partition key and subject: `organization/recipient`."""
        return f"{self.organization}/{self.recipient}"


class NoticeRequested(CloudEvent):
    """A portal user is to be told something by mail; its id is the id of the mail."""

    name: ClassVar[str] = "NoticeRequested"
    publisher: ClassVar[str] = "portal_access"
    type: Literal["portico.NoticeRequested.v1"]
    data: NoticeRequestedData
