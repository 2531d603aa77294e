"""Tables of the way from an invitation's link to an account."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from chassis.columns import time_column
from services.portal_access.models.tables import Table


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
    chart_id: str
    person_id: str
    role: str
    email: str
    email_key: str
    birth_date_given: bool = False
    """Whether the visitor gave the patient's date of birth, rightly."""
    created_at: datetime = time_column()

    @property
    def redeemed(self) -> bool:
        """Whether the invitation was redeemed this way."""
        return self.sealed_token is None


class RefusedLink(Table, table=True):
    """A link that a visitor followed and that does not work: a new one may be asked for instead."""

    __tablename__ = "refused_links"
    __table_args__ = (Index("refused_links_created_at", "created_at"),)

    visitor_hash: bytes = Field(primary_key=True)
    invitation_id: UUID = Field(primary_key=True)
    organization_id: str
    chart_id: str
    person_id: str
    role: str
    reason: str
    created_at: datetime = time_column()


class NewInvitationAsk(Table, table=True):
    """When a new invitation was last asked for in the place of this one."""

    __tablename__ = "new_invitation_asks"

    invitation_id: UUID = Field(primary_key=True)
    asked_at: datetime = time_column()


class BirthDateTries(Table, table=True):
    """How often a wrong date of birth was given at an invitation, and why its links are locked."""

    __tablename__ = "birth_date_tries"

    invitation_id: UUID = Field(primary_key=True)
    tries: int
    tried_at: datetime = time_column()
    lock_reason: str | None = None


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
    terms_version: int = 0
    privacy_version: int = 0
    created_at: datetime = time_column()
