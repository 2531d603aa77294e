"""Events of a mail's way to its invitee, published by notification_service."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from contracts.envelope import CloudEvent
from contracts.invitations import InvitationData, example


class InvitationSentData(InvitationData):
    """When the mail server took the mail, and under which Message-ID (RFC 5322 3.6.4)."""

    model_config = example(
        message_id="<0b9d3f5e-5b0c-4f5c-9b57-3d6f1f1f2a01@portico.example>",
        sent_at="2026-03-02T09:30:01Z",
    )

    message_id: str
    sent_at: AwareDatetime


class InvitationSent(CloudEvent):
    """The mail server took the invitation's mail."""

    name: ClassVar[str] = "InvitationSent"
    publisher: ClassVar[str] = "notification_service"
    type: Literal["portico.InvitationSent.v1"]
    data: InvitationSentData


class InvitationBouncedData(InvitationData):
    """Why the mail can never arrive: the SMTP reply's code and a sentence for staff."""

    model_config = example(
        smtp_code=550,
        message="The mail server says that this address does not exist.",
        bounced_at="2026-03-02T09:30:01Z",
    )

    smtp_code: int = Field(ge=500, le=599, description="RFC 5321 4.2.1, permanent failures.")
    message: str
    bounced_at: AwareDatetime


class InvitationBounced(CloudEvent):
    """The mail server refused the invitation's mail for good."""

    name: ClassVar[str] = "InvitationBounced"
    publisher: ClassVar[str] = "notification_service"
    type: Literal["portico.InvitationBounced.v1"]
    data: InvitationBouncedData


class InvitationReminderSentData(InvitationData):
    """When the mail server took the reminder, and under which Message-ID (RFC 5322 3.6.4)."""

    model_config = example(
        message_id="<0b9d3f5e-5b0c-4f5c-9b57-3d6f1f1f2a01.reminder@portico.example>",
        sent_at="2026-03-05T09:30:01Z",
    )

    message_id: str
    sent_at: AwareDatetime


class InvitationReminderSent(CloudEvent):
    """The mail server took the mail that reminds of an invitation."""

    name: ClassVar[str] = "InvitationReminderSent"
    publisher: ClassVar[str] = "notification_service"
    type: Literal["portico.InvitationReminderSent.v1"]
    data: InvitationReminderSentData
