"""What staff write to portal users."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict

from contracts.chart.examples import EXAMPLE_INVITEE
from contracts.envelope import CloudEvent, InviteeData


class MessageSentData(InviteeData):
    """That staff wrote to a portal user; what they wrote stays in the chart."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "invitee": EXAMPLE_INVITEE,
                    "message_id": "5b6f0c52-0000-4000-8000-000000000005",
                    "sent_at": "2026-03-02T09:30:00Z",
                }
            ]
        }
    )

    message_id: UUID
    sent_at: AwareDatetime


class MessageSent(CloudEvent):
    """Staff wrote to a portal user: a mail says that there is a message, and no more."""

    name: ClassVar[str] = "MessageSent"
    publisher: ClassVar[str] = "chart_service"
    type: Literal["portico.MessageSent.v1"]
    data: MessageSentData
