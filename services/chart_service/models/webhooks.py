"""Where an organisation is told of events, and what it is still to be told."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from chassis.columns import time_column
from services.chart_service.models.tables import Table


class DeliveryState(StrEnum):
    """What has become of a delivery."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookEndpoint(Table, table=True):
    """An address of an organisation's that wants events; without a list of types, all of them.

    The secret signs, so it is kept as it is; the previous one signs, too, until its time is over.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.id"]),
        Index("webhook_endpoints_by_organization", "organization_id", "created_at"),
    )

    id: UUID = Field(primary_key=True)
    organization_id: str
    url: str
    events: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    secret: str
    previous_secret: str | None = None
    previous_secret_until: datetime | None = time_column(default=None, nullable=True)
    enabled: bool
    created_at: datetime = time_column()
    failing_since: datetime | None = time_column(default=None, nullable=True)
    paused_until: datetime | None = time_column(default=None, nullable=True)
    disabled_reason: str | None = None


class WebhookDelivery(Table, table=True):
    """One event on its way to one endpoint. `event_id` is the message's id for the receiver."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        ForeignKeyConstraint(["endpoint_id"], ["webhook_endpoints.id"], ondelete="CASCADE"),
        Index("webhook_deliveries_by_endpoint", "endpoint_id", "created_at"),
        Index(
            "webhook_deliveries_due",
            "endpoint_id",
            "next_try_at",
            postgresql_where=text("state = 'queued'"),
        ),
        Index("webhook_deliveries_by_age", "created_at"),
    )

    id: UUID = Field(primary_key=True)
    organization_id: str
    endpoint_id: UUID
    event_id: UUID
    type: str
    payload: str
    created_at: datetime = time_column()
    state: str
    attempts: int
    next_try_at: datetime = time_column()
    last_outcome: str | None = None
    ended_at: datetime | None = time_column(default=None, nullable=True)
