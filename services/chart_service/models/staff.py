"""Who signs in to the pages, and who fails to."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from chassis.columns import time_column
from services.chart_service.models.tables import Table


class StaffRole(StrEnum):
    """What somebody may do: staff invite and work on charts, an admin manages the portal, too."""

    STAFF = "staff"
    ADMIN = "admin"


class Staff(Table, table=True):
    """Someone who signs in to the pages; an address belongs to one of them.

    Without a password they have a link to choose one, or sign in at the OpenID provider, to
    which the first sign-in there links them.
    """

    __tablename__ = "staff"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.id"]),
        Index("staff_by_oidc", "oidc_issuer", "oidc_subject", unique=True),
        Index("staff_by_organization", "organization_id", "name"),
    )

    id: UUID = Field(primary_key=True)
    organization_id: str
    email: str = Field(unique=True)
    name: str
    password_hash: str | None = None
    role: str = StaffRole.STAFF.value
    is_active: bool = True
    last_sign_in_at: datetime | None = time_column(default=None, nullable=True)
    oidc_issuer: str | None = None
    oidc_subject: str | None = None
    receives_messages: bool = True
    """Whether portal users may write to this person, where messages are on."""

    @property
    def gets_messages(self) -> bool:
        """Whether messages to this person come to somebody who is there."""
        return self.is_active and self.receives_messages

    @property
    def is_admin(self) -> bool:
        """Whether accounts, settings, users and the audit log are this person's to manage."""
        return self.role == StaffRole.ADMIN


class PasswordLink(Table, table=True):
    """The link by which somebody may choose a password once; a new one replaces it."""

    __tablename__ = "password_links"
    __table_args__ = (ForeignKeyConstraint(["staff_id"], ["staff.id"]),)

    staff_id: UUID = Field(primary_key=True)
    token_hash: bytes = Field(unique=True)
    expires_at: datetime = time_column()


class OidcSignIn(Table, table=True):
    """A browser that was sent to the OpenID provider and is not back yet."""

    __tablename__ = "oidc_sign_ins"

    state_hash: bytes = Field(primary_key=True)
    browser_hash: bytes
    nonce: str
    code_verifier: str
    started_at: datetime = time_column()


class SignInFailures(Table, table=True):
    """How often someone failed to sign in, by the hash of an address or of a network address."""

    __tablename__ = "sign_in_failures"

    source: bytes = Field(primary_key=True)
    window_start: datetime = time_column(primary_key=True)
    failures: int
