"""notification_service's tables."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from chassis.columns import time_column


class State(StrEnum):
    """Where a mail is on its way; only a queued one is ever sent."""

    QUEUED = "queued"
    SENT = "sent"
    BOUNCED = "bounced"
    CANCELLED = "cancelled"


class Table(SQLModel, registry=registry()):
    """The base of this service's tables; other services' are not among them."""


class Brand(Table, table=True):
    """A copy of what an organisation's mails show."""

    __tablename__ = "brands"

    organization_id: str = Field(primary_key=True)
    name: str
    phone: str
    logo_media_type: str | None = None
    logo: bytes | None = None
    changed_at: datetime = time_column()


class Mail(Table, table=True):
    """An invitation's mail; the sealed token is erased as soon as it is not needed any more."""

    __tablename__ = "mails"
    __table_args__ = (Index("mails_due", "next_try_at", postgresql_where=text("state = 'queued'")),)

    invitation_id: UUID = Field(primary_key=True)
    organization_id: str
    chart_id: str
    person_id: str
    role: str
    state: str
    email: str
    given_name: str
    sealed_token: str | None = None
    expires_at: datetime = time_column()
    traceparent: str | None = None
    attempts: int
    next_try_at: datetime = time_column()
    ended_at: datetime | None = time_column(default=None, nullable=True)


class Cancellation(Table, table=True):
    """An invitation that has ended: a mail that waits for it is not sent."""

    __tablename__ = "cancellations"

    invitation_id: UUID = Field(primary_key=True)
    cancelled_at: datetime = time_column()
