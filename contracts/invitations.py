"""Events of an invitation's life, published by invitation_service."""

from enum import StrEnum
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, JsonValue
from pydantic.config import JsonDict

from contracts.chart import EXAMPLE_INVITEE
from contracts.envelope import CloudEvent, Identifier, InviteeData, Language
from contracts.scopes import Role

_EXAMPLE: JsonDict = {
    "invitation_id": "0b9d3f5e-5b0c-4f5c-9b57-3d6f1f1f2a01",
    "invitee": EXAMPLE_INVITEE,
    "role": "guardian",
}
_TIME = "2026-03-02T09:30:00Z"


def example(**more: JsonValue) -> ConfigDict:
    """Return the model configuration that shows an example of an invitation's event data."""
    return ConfigDict(json_schema_extra={"examples": [_EXAMPLE | more]})


class InvitationData(InviteeData):
    """What every event about an invitation names: the invitation's id is its request's event id."""

    invitation_id: UUID
    role: Role


class RejectionReason(StrEnum):
    """Why nobody is invited; stable, for machines."""

    ORGANIZATION_UNKNOWN = "organization_unknown"
    PORTAL_OFF = "portal_off"
    CHART_UNKNOWN = "chart_unknown"
    PERSON_UNKNOWN = "person_unknown"
    PATIENT_DECEASED = "patient_deceased"
    PATIENT_DISCHARGED = "patient_discharged"
    PATIENT_OF_AGE = "patient_of_age"
    RELATIONSHIP_ENDED = "relationship_ended"
    RELATIONSHIP_NOT_ELIGIBLE = "relationship_not_eligible"
    EMAIL_MISSING = "email_missing"
    EMAIL_INVALID = "email_invalid"
    EMAIL_TAKEN = "email_taken"
    EMAIL_CHANGED = "email_changed"
    ALREADY_CONNECTED = "already_connected"


class InvitationIssuedData(InvitationData):
    """An invitation and its sealed token, for the mail.

    `sealed_token` is AES-GCM under a key that invitation_service and notification_service share,
    with the invitation's id as associated data; nobody else can redeem what passes here.
    """

    model_config = example(
        email="ana.lopez@example.org",
        given_name="Ana",
        expires_at=_TIME,
        sealed_token="c2VhbGVkLCBub3QgYSB0b2tlbg==",  # noqa: S106 - an example, sealed for nobody
        requested_at=_TIME,
        location="harbor",
        language="es",
    )

    email: str = Field(max_length=320)
    given_name: str = Field(max_length=100)
    expires_at: AwareDatetime
    sealed_token: str = Field(max_length=400)
    requested_at: AwareDatetime
    location: Identifier | None = Field(
        default=None, description="Whose brand the mail has; without it the organisation's."
    )
    language: Language | None = Field(default=None, description="In which the mail is written.")


class InvitationIssued(CloudEvent):
    """A person is invited: the token exists and waits for its mail."""

    name: ClassVar[str] = "InvitationIssued"
    publisher: ClassVar[str] = "invitation_service"
    type: Literal["portico.InvitationIssued.v1"]
    data: InvitationIssuedData


class InvitationRejectedData(InvitationData):
    """Why a request came to nothing, for machines and in a sentence for people."""

    model_config = example(
        reason="relationship_not_eligible",
        message="Only a guardian or guarantor can be invited. This contact is a friend.",
        requested_at=_TIME,
    )

    reason: RejectionReason
    message: str
    requested_at: AwareDatetime


class InvitationRejected(CloudEvent):
    """A requested invitation was refused."""

    name: ClassVar[str] = "InvitationRejected"
    publisher: ClassVar[str] = "invitation_service"
    type: Literal["portico.InvitationRejected.v1"]
    data: InvitationRejectedData


class InvitationSupersededData(InvitationData):
    """Which newer invitation took the place of this one."""

    model_config = example(superseded_by="7d3c2f0a-6a55-4d3e-8c3c-0a3d1a6a9b02")

    superseded_by: UUID


class InvitationSuperseded(CloudEvent):
    """An open invitation was asked for again: its link is dead, a new one is on its way."""

    name: ClassVar[str] = "InvitationSuperseded"
    publisher: ClassVar[str] = "invitation_service"
    type: Literal["portico.InvitationSuperseded.v1"]
    data: InvitationSupersededData


class RevocationReason(StrEnum):
    """Why an open invitation was taken back; stable, for machines."""

    REQUESTED = "requested"
    PATIENT_DECEASED = "patient_deceased"
    PATIENT_DISCHARGED = "patient_discharged"
    PATIENT_OF_AGE = "patient_of_age"
    RELATIONSHIP_ENDED = "relationship_ended"
    RELATIONSHIP_NOT_ELIGIBLE = "relationship_not_eligible"
    EMAIL_CHANGED = "email_changed"


class InvitationRevokedData(InvitationData):
    """Who revoked it, and why."""

    model_config = example(revoked_by="staff:s-7", reason="requested")

    revoked_by: str | None = None
    reason: RevocationReason | None = None


class InvitationRevoked(CloudEvent):
    """An open invitation was taken back, by staff or as its invitee is eligible no longer."""

    name: ClassVar[str] = "InvitationRevoked"
    publisher: ClassVar[str] = "invitation_service"
    type: Literal["portico.InvitationRevoked.v1"]
    data: InvitationRevokedData


class InvitationExpiredData(InvitationData):
    """When its life ended."""

    model_config = example(expired_at=_TIME)

    expired_at: AwareDatetime


class InvitationExpired(CloudEvent):
    """Nobody accepted an invitation in time: its link is dead."""

    name: ClassVar[str] = "InvitationExpired"
    publisher: ClassVar[str] = "invitation_service"
    type: Literal["portico.InvitationExpired.v1"]
    data: InvitationExpiredData


class InvitationAcceptedData(InvitationData):
    """By which redemption, into which portal account."""

    model_config = example(
        redemption_id="f0b1c2d3-0000-4000-8000-000000000003",
        account_id="a1b2c3d4-0000-4000-8000-000000000004",
        accepted_at=_TIME,
    )

    redemption_id: UUID
    account_id: UUID
    accepted_at: AwareDatetime


class InvitationAccepted(CloudEvent):
    """An invitation was redeemed, once and for all."""

    name: ClassVar[str] = "InvitationAccepted"
    publisher: ClassVar[str] = "invitation_service"
    type: Literal["portico.InvitationAccepted.v1"]
    data: InvitationAcceptedData


class InvitationOpenedData(InvitationData):
    """When its link was opened for the first time, by a person and not by a mail scanner."""

    model_config = example(opened_at=_TIME)

    opened_at: AwareDatetime


class InvitationOpened(CloudEvent):
    """Somebody opened an invitation's link and went on from its first page."""

    name: ClassVar[str] = "InvitationOpened"
    publisher: ClassVar[str] = "invitation_service"
    type: Literal["portico.InvitationOpened.v1"]
    data: InvitationOpenedData


class InvitationReminderIssuedData(InvitationData):
    """A further sealed token of an open invitation, for the mail that reminds of it.

    The link of the first mail works, too, and both die together.
    """

    model_config = example(
        email="ana.lopez@example.org",
        given_name="Ana",
        expires_at=_TIME,
        sealed_token="c2VhbGVkLCBub3QgYSB0b2tlbg==",  # noqa: S106 - an example, sealed for nobody
        location="harbor",
        language="es",
    )

    email: str = Field(max_length=320)
    given_name: str = Field(max_length=100)
    expires_at: AwareDatetime
    sealed_token: str = Field(max_length=400)
    location: Identifier | None = None
    language: Language | None = None


class InvitationReminderIssued(CloudEvent):
    """An invitation waits for long: its invitee is reminded, once."""

    name: ClassVar[str] = "InvitationReminderIssued"
    publisher: ClassVar[str] = "invitation_service"
    type: Literal["portico.InvitationReminderIssued.v1"]
    data: InvitationReminderIssuedData
