"""An open invitation ends without being accepted."""

from enum import StrEnum
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime

from contracts.envelope import CloudEvent
from contracts.invitations.invitation import EXAMPLE_TIME, InvitationData, example


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

    model_config = example(expired_at=EXAMPLE_TIME)

    expired_at: AwareDatetime


class InvitationExpired(CloudEvent):
    """Nobody accepted an invitation in time: its link is dead."""

    name: ClassVar[str] = "InvitationExpired"
    publisher: ClassVar[str] = "invitation_service"
    type: Literal["portico.InvitationExpired.v1"]
    data: InvitationExpiredData
