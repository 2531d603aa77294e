"""What chart_service sends and is answered about accounts."""

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.envelope import Identifier
from contracts.scopes import Role
from services.portal_access.models import AccountEvent, Connection, EmailChange

_MOST_PAGES = 100_000


class Search(BaseModel):
    """Which accounts: a part of their address, their state, and which page of them."""

    q: str = Field(default="", max_length=320)
    status: Literal["active", "disabled"] | None = None
    page: int = Field(default=1, ge=1, le=_MOST_PAGES)
    size: int = Field(default=25, ge=1, le=100)


class ConnectionAnswer(BaseModel):
    """What an account is on a chart, since when."""

    chart: str
    person: str
    role: Role
    granted_at: datetime

    @classmethod
    def of(cls, row: Connection) -> Self:
        """Return a connection as callers see it."""
        return cls(
            chart=row.chart_id, person=row.person_id, role=Role(row.role), granted_at=row.granted_at
        )


class AccountAnswer(BaseModel):
    """An account in a list."""

    id: UUID
    email: str
    is_active: bool
    created_at: datetime
    last_sign_in_at: datetime | None
    connections: list[ConnectionAnswer]


class Found(BaseModel):
    """A page of accounts, and how many there are on all pages."""

    total: int
    accounts: list[AccountAnswer]


class ChangeAnswer(BaseModel):
    """An address that waits to be verified, and until when it can be."""

    email: str
    asked_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, row: EmailChange) -> Self:
        """Return a change of address as callers see it."""
        return cls(email=row.email, asked_at=row.asked_at, expires_at=row.expires_at)


class HistoryLine(BaseModel):
    """What happened to an account, when, and who did it."""

    at: datetime
    what: str
    actor: str
    chart: str | None
    person: str | None
    role: str | None
    reason: str | None

    @classmethod
    def of(cls, row: AccountEvent) -> Self:
        """Return a line of the history as callers see it."""
        return cls(
            at=row.at,
            what=row.what,
            actor=row.actor,
            chart=row.chart_id,
            person=row.person_id,
            role=row.role,
            reason=row.reason,
        )


class AccountDetails(AccountAnswer):
    """All that administrators see of an account."""

    terms_accepted_at: datetime
    phone: str | None
    second_step: bool
    """Whether the password alone lets nobody in."""
    email_change: ChangeAnswer | None
    history: list[HistoryLine]


class Disconnection(BaseModel):
    """Which chart the account is to see no longer, in which role."""

    chart: Identifier
    role: Role


class NewEmail(BaseModel):
    """The address that the account is to have once it is verified."""

    email: str = Field(max_length=320, pattern=r"^[^\s@]+@[^\s@]+$")
