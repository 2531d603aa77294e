"""portal_access's tables: organisations, accounts, what they see, and how they come about."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from chassis.columns import time_column


class Table(SQLModel, registry=registry()):
    """The base of this service's tables; other services' are not among them."""


class Brand(Table, table=True):
    """A copy of how an organisation shows itself, and of its settings that count here."""

    __tablename__ = "brands"

    organization_id: str = Field(primary_key=True)
    name: str
    phone: str
    logo_media_type: str | None = None
    logo: bytes | None = None
    portal_enabled: bool
    messages_enabled: bool = False
    sections_off: list[str] = Field(
        default=[], sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    death_ends_access: bool = True
    discharge_ends_access: bool = False
    time_zone: str = "UTC"
    birth_date_check: bool = False
    changed_at: datetime = time_column()


class Policy(Table, table=True):
    """A version of the terms or the privacy policy of an organisation."""

    __tablename__ = "policies"

    organization_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    text: str
    published_at: datetime = time_column()


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


class SignInAttempts(Table, table=True):
    """How often a password was wrong lately, for one account's name or one client's address."""

    __tablename__ = "sign_in_attempts"

    source: str = Field(primary_key=True)
    window_start: datetime = time_column(primary_key=True)
    failures: int


class Person(Table, table=True):
    """A copy of what decides whether a person on a chart keeps their access, and who is told."""

    __tablename__ = "people"
    __table_args__ = (
        Index(
            "people_gone",
            "organization_id",
            "chart_id",
            postgresql_where=text("relationship = 'Patient' AND (deceased OR discharged)"),
        ),
    )

    organization_id: str = Field(primary_key=True)
    chart_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    relationship: str
    given_name: str
    email: str | None = None
    language: str | None = None
    deceased: bool
    ended: bool
    discharged: bool
    of_age: bool
    changed_at: datetime = time_column()


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


class PasswordReset(Table, table=True):
    """A forgotten password until another is chosen; a newer link takes the place of this one."""

    __tablename__ = "password_resets"
    __table_args__ = (UniqueConstraint("token_hash"),)

    account_id: UUID = Field(primary_key=True, foreign_key="accounts.id")
    token_hash: bytes
    expires_at: datetime = time_column()


class Happened(StrEnum):
    """What can happen to an account; stable, for machines."""

    CREATED = "created"
    SIGNED_IN = "signed_in"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    DISABLED = "disabled"
    ENABLED = "enabled"
    EMAIL_CHANGE_ASKED = "email_change_asked"
    EMAIL_CHANGED = "email_changed"
    PASSWORD_RESET_ASKED = "password_reset_asked"  # noqa: S105 - what happens
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - what happens
    PHONE_CHANGED = "phone_changed"
    AUTHENTICATOR_ADDED = "authenticator_added"
    AUTHENTICATOR_REMOVED = "authenticator_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    SECOND_STEP_REMOVED = "second_step_removed"


class AccountEvent(Table, table=True):
    """A line of an account's history; it names charts and people by id, and no address.

    `actor` is `staff:<id>`, `portal:<account>` or `system`.
    """

    __tablename__ = "account_events"
    __table_args__ = (
        Index("account_events_account", "organization_id", "account_id", "id"),
        Index(
            "account_events_invitation",
            "invitation_id",
            postgresql_where=text("invitation_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True)
    )
    organization_id: str
    account_id: UUID
    at: datetime = time_column()
    what: str
    actor: str
    chart_id: str | None = None
    person_id: str | None = None
    role: str | None = None
    reason: str | None = None
    invitation_id: UUID | None = None
