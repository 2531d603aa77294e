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


class Table(SQLModel, registry=registry()):
    """The base of this service's tables; other services' are not among them."""


class Organization(Table, table=True):
    """A copy of what eligibility needs of an organisation."""

    __tablename__ = "organizations"

    id: str = Field(primary_key=True)
    portal_enabled: bool
    invitation_days: int = Field(sa_type=SmallInteger)
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
    )

    id: UUID = Field(primary_key=True)
    organization_id: str
    chart_id: str
    person_id: str
    role: str
    email: str
    given_name: str
    token_hash: bytes = Field(unique=True)
    state: str
    issued_at: datetime = time_column()
    expires_at: datetime = time_column()
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
