"""Tables of passwords that were wrong, or forgotten."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from chassis.columns import time_column
from services.portal_access.models.tables import Table


class SignInAttempts(Table, table=True):
    """How often a password was wrong lately, for one account's name or one client's address."""

    __tablename__ = "sign_in_attempts"

    source: str = Field(primary_key=True)
    window_start: datetime = time_column(primary_key=True)
    failures: int


class PasswordReset(Table, table=True):
    """A forgotten password until another is chosen; a newer link takes the place of this one."""

    __tablename__ = "password_resets"
    __table_args__ = (UniqueConstraint("token_hash"),)

    account_id: UUID = Field(primary_key=True, foreign_key="accounts.id")
    token_hash: bytes
    expires_at: datetime = time_column()
