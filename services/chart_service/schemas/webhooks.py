"""Bodies about webhook endpoints and deliveries."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.chart_service.models import DeliveryState
from services.chart_service.schemas.fields import NO_CONTROL, Body, Flag
from services.chart_service.webhooks.messages import TYPE_BY_EVENT

Url = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2000, pattern=NO_CONTROL),
    Field(
        description="An https address that can be reached from the internet.",
        examples=["https://emr.example/hooks/portico"],
    ),
]
EventType = StrEnum(  # type: ignore[misc] # its members are data, kept in one place
    "EventType", {name.replace(".", "_").upper(): name for name in TYPE_BY_EVENT.values()}
)
EventTypes = Annotated[
    list[EventType],
    Field(max_length=len(TYPE_BY_EVENT), description="Which events it wants; none stands for all."),
]


class WebhookBody(Body):
    """A new endpoint."""

    url: Url
    events: EventTypes = Field(default=[])


class WebhookChanges(Body):
    """What changes of an endpoint."""

    # Never read when it was not sent; the factories keep a default out of the API's description.
    url: Url = Field(default_factory=str)
    events: EventTypes = Field(default_factory=list)
    enabled: Flag = Field(default_factory=bool)


class WebhookAnswer(BaseModel):
    """An endpoint."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    url: str
    events: list[str]
    enabled: bool
    created_at: datetime
    failing_since: datetime | None
    disabled_reason: str | None = Field(description="Why Portico disabled it.")


class WebhookWithSecret(WebhookAnswer):
    """An endpoint with the secret that signs what is sent there (Standard Webhooks)."""

    secret: str = Field(examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"])


class WebhookList(BaseModel):
    """All endpoints of an organisation."""

    webhooks: list[WebhookAnswer]
    total: int


class DeliveryAnswer(BaseModel):
    """A message on its way to an endpoint; `event_id` is the receiver's `webhook-id`."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    event_id: UUID
    type: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_try_at: datetime
    ended_at: datetime | None
    last_outcome: str | None


class DeliveryList(BaseModel):
    """Some of an endpoint's deliveries, the newest first, and how many there are."""

    deliveries: list[DeliveryAnswer]
    total: int

    @classmethod
    def of(cls, rows: object, total: int) -> Self:
        """Return deliveries as the API shows them."""
        return cls.model_validate({"deliveries": rows, "total": total}, from_attributes=True)
