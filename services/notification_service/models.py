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
    time_zone: str = "UTC"
    paused_at: datetime | None = time_column(default=None, nullable=True)
    changed_at: datetime = time_column()


class LocationBrand(Table, table=True):
    """A copy of how one of an organisation's places shows itself; NULL is the organisation's."""

    __tablename__ = "location_brands"

    organization_id: str = Field(primary_key=True)
    location_id: str = Field(primary_key=True)
    name: str
    phone: str | None = None
    logo_media_type: str | None = None
    logo: bytes | None = None
    removed: bool
    changed_at: datetime = time_column()


class Mail(Table, table=True):
    """A mail of any kind; the sealed token is erased as soon as it is not needed any more.

    Its id is the invitation's, or the id of the event that asked for it.
    """

    __tablename__ = "mails"
    __table_args__ = (
        Index("mails_due", "next_try_at", postgresql_where=text("state = 'queued'")),
        Index(
            "mails_reminders",
            "invitation_id",
            unique=True,
            postgresql_where=text("kind = 'reminder'"),
        ),
    )

    id: UUID = Field(primary_key=True)
    kind: str
    organization_id: str
    location_id: str | None = None
    language: str | None = None
    invitation_id: UUID | None = None
    chart_id: str | None = None
    person_id: str | None = None
    role: str | None = None
    state: str
    email: str
    given_name: str
    sealed_token: str | None = None
    issued_at: datetime = time_column()
    requested_at: datetime | None = time_column(default=None, nullable=True)
    expires_at: datetime | None = time_column(default=None, nullable=True)
    traceparent: str | None = None
    attempts: int
    next_try_at: datetime = time_column()
    ended_at: datetime | None = time_column(default=None, nullable=True)


class Cancellation(Table, table=True):
    """An invitation that has ended: a mail that waits for it is not sent."""

    __tablename__ = "cancellations"

    invitation_id: UUID = Field(primary_key=True)
    cancelled_at: datetime = time_column()
