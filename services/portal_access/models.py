"""portal_access's tables."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from chassis.columns import time_column


class Table(SQLModel, registry=registry()):
    """The base of this service's tables; other services' are not among them."""


class Brand(Table, table=True):
    """A copy of how an organisation shows itself, and whether its portal is on."""

    __tablename__ = "brands"

    organization_id: str = Field(primary_key=True)
    name: str
    phone: str
    logo_media_type: str | None = None
    logo: bytes | None = None
    portal_enabled: bool
    changed_at: datetime = time_column()


class Account(Table, table=True):
    """A person's way into one organisation's portal; none is made before an acceptance."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("organization_id", "email_key"),)

    id: UUID = Field(primary_key=True)
    organization_id: str
    email: str
    email_key: str
    password_hash: str
    terms_accepted_at: datetime = time_column()
    created_at: datetime = time_column()


class Connection(Table, table=True):
    """What an account is on a chart, and the scopes that this gives."""

    __tablename__ = "connections"
    __table_args__ = (Index("connections_invitation", "invitation_id"),)

    account_id: UUID = Field(primary_key=True, foreign_key="accounts.id")
    organization_id: str = Field(primary_key=True)
    chart_id: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    person_id: str
    scopes: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    invitation_id: UUID
    granted_at: datetime = time_column()


class Acceptance(Table, table=True):
    """An invitee's way through the accept pages; the token is sealed, and gone once redeemed."""

    __tablename__ = "acceptances"
    __table_args__ = (
        UniqueConstraint("visitor_hash", "invitation_id"),
        Index("acceptances_created_at", "created_at"),
    )

    redemption_id: UUID = Field(primary_key=True)
    visitor_hash: bytes
    sealed_token: str | None = None
    account_id: UUID
    invitation_id: UUID
    organization_id: str
    email: str
    email_key: str
    created_at: datetime = time_column()

    @property
    def redeemed(self) -> bool:
        """Whether the invitation was redeemed this way."""
        return self.sealed_token is None


class Registration(Table, table=True):
    """What becomes an account when, and only when, its redemption is known to have succeeded."""

    __tablename__ = "registrations"
    __table_args__ = (Index("registrations_created_at", "created_at"),)

    redemption_id: UUID = Field(primary_key=True)
    account_id: UUID
    organization_id: str
    email: str
    email_key: str
    password_hash: str
    terms_accepted_at: datetime = time_column()
    created_at: datetime = time_column()


class SignInAttempts(Table, table=True):
    """How often a password was wrong lately, for one account's name or one client's address."""

    __tablename__ = "sign_in_attempts"

    source: str = Field(primary_key=True)
    window_start: datetime = time_column(primary_key=True)
    failures: int
