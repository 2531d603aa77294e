"""invitation_service's tables."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Index, SmallInteger, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from chassis.columns import time_column


class State(StrEnum):
    """An invitation's state; only an open one can be redeemed."""

    OPEN = "open"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    EXPIRED = "expired"
    ENDED = "ended"
    """Accepted once; the access that it gave has ended."""


class Table(SQLModel, registry=registry()):
    """The base of this service's tables; other services' are not among them."""


class Organization(Table, table=True):
    """A copy of what eligibility needs of an organisation."""

    __tablename__ = "organizations"

    id: str = Field(primary_key=True)
    invitation_days: int = Field(sa_type=SmallInteger)
    reminder_days: int | None = Field(default=None, sa_type=SmallInteger)
    discharge_ends_access: bool
    paused_at: datetime | None = time_column(default=None, nullable=True)
    """Since when the portal is switched off."""
    changed_at: datetime = time_column()


class Person(Table, table=True):
    """A copy of what eligibility and the mail need of a patient or contact."""

    __tablename__ = "people"

    organization_id: str = Field(primary_key=True)
    chart_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    relationship: str
    given_name: str
    email: str | None = None
    deceased: bool
    ended: bool
    discharged: bool
    of_age: bool
    location: str | None = None
    language: str | None = None
    changed_at: datetime = time_column()


class Invitation(Table, table=True):
    """An invitation, whose id is its request's event id; of its token only the hash is kept."""

    __tablename__ = "invitations"
    __table_args__ = (
        Index(
            "invitations_open",
            "organization_id",
            "chart_id",
            "person_id",
            "role",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "invitations_live",
            "organization_id",
            "chart_id",
            postgresql_where=text("state IN ('open', 'accepted')"),
        ),
        Index("invitations_expiry", "expires_at", postgresql_where=text("state = 'open'")),
        Index(
            "invitations_reminder_token",
            "reminder_token_hash",
            unique=True,
            postgresql_where=text("reminder_token_hash IS NOT NULL"),
        ),
        Index(
            "invitations_to_remind",
            "organization_id",
            "aged_from",
            postgresql_where=text(
                "state = 'open' AND reminder_token_hash IS NULL AND locked_at IS NULL"
            ),
        ),
    )

    id: UUID = Field(primary_key=True)
    organization_id: str
    chart_id: str
    person_id: str
    role: str
    email: str
    given_name: str
    token_hash: bytes = Field(unique=True)
    reminder_token_hash: bytes | None = None
    state: str
    issued_at: datetime = time_column()
    aged_from: datetime = time_column()
    """When it was issued, moved on by the time that the portal was off, as its expiry is."""
    expires_at: datetime = time_column()
    opened_at: datetime | None = time_column(default=None, nullable=True)
    locked_at: datetime | None = time_column(default=None, nullable=True)
    """Since when portal_access lets its links through no longer."""
    ended_at: datetime | None = time_column(default=None, nullable=True)
    redemption_id: UUID | None = None
    account_id: UUID | None = None


class WaitingRequest(Table, table=True):
    """A request for a chart that nobody has heard of yet; decided for good at `decide_at`."""

    __tablename__ = "waiting_requests"
    __table_args__ = (Index("waiting_requests_chart", "organization_id", "chart_id"),)

    event_id: UUID = Field(primary_key=True)
    position: int = Field(sa_column=Column(BigInteger, Identity(always=True), nullable=False))
    organization_id: str
    chart_id: str
    person_id: str
    role: str
    event: bytes
    decide_at: datetime = time_column()


class FailedLookups(Table, table=True):
    """How often an address or network came with a token that nobody issued."""

    __tablename__ = "failed_lookups"

    source: str = Field(primary_key=True)
    window_start: datetime = time_column(primary_key=True)
    failures: int
