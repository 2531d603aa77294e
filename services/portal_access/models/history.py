"""The table of what happened to accounts."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Index, text
from sqlmodel import Field

from chassis.columns import time_column
from services.portal_access.models.tables import Table


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
