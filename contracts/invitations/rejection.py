"""A request to invite comes to nothing."""

from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import AwareDatetime

from contracts.envelope import CloudEvent
from contracts.invitations.invitation import EXAMPLE_TIME, InvitationData, example


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


class InvitationRejectedData(InvitationData):
    """Why a request came to nothing, for machines and in a sentence for people."""

    model_config = example(
        reason="relationship_not_eligible",
        message="Only a guardian or guarantor can be invited. This contact is a friend.",
        requested_at=EXAMPLE_TIME,
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
