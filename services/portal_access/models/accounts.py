"""Tables of accounts, and of what they see."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from chassis.columns import time_column
from services.portal_access.models.tables import Table


class Account(Table, table=True):
    """A person's way into one organisation's portal; none is made before an acceptance."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("organization_id", "email_key"),
        Index("accounts_search", "organization_id", "email_key", "is_active"),
    )

    id: UUID = Field(primary_key=True)
    organization_id: str
    email: str
    email_key: str
    password_hash: str
    terms_accepted_at: datetime = time_column()
    terms_version: int = 0
    """The version that was agreed to; 0 is the portal's general text."""
    privacy_version: int = 0
    created_at: datetime = time_column()
    is_active: bool = True
    last_sign_in_at: datetime | None = time_column(default=None, nullable=True)
    phone: str | None = None
    """The holder's own number, as they entered it; the chart has its own."""


class Connection(Table, table=True):
    """What an account is on a chart, and the scopes that this gives."""

    __tablename__ = "connections"
    __table_args__ = (
        Index("connections_invitation", "invitation_id"),
        Index("connections_chart", "organization_id", "chart_id"),
    )

    account_id: UUID = Field(primary_key=True, foreign_key="accounts.id")
    organization_id: str = Field(primary_key=True)
    chart_id: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    person_id: str
    scopes: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    invitation_id: UUID
    granted_at: datetime = time_column()


class EmailChange(Table, table=True):
    """An account's new address until it is verified; a newer change takes its place."""

    __tablename__ = "email_changes"
    __table_args__ = (UniqueConstraint("token_hash"),)

    account_id: UUID = Field(primary_key=True, foreign_key="accounts.id")
    organization_id: str
    email: str
    email_key: str
    token_hash: bytes
    asked_by: str
    asked_at: datetime = time_column()
    expires_at: datetime = time_column()
