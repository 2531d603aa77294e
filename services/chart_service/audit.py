"""Writing the audit log: every access to a chart and every administrative act (DESIGN.md).

Each entry commits or rolls back with what it tells of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from chassis.database import Transaction
from contracts.envelope import Invitee
from services.chart_service import queries

OPERATOR = "operator"
"""Who holds the token of the installation, PORTICO_API_TOKEN."""

SYSTEM = "system"
"""What Portico does by itself."""

INVITEE = "invitee"
"""Who follows the link of an invitation, and has no account by it."""


class Action(StrEnum):
    """What was done; stable, for filters and exports."""

    CHART_VIEWED = "chart_viewed"
    CHARTS_LISTED = "charts_listed"
    CHART_SEARCHED = "chart_searched"
    CHART_RECORDED = "chart_recorded"
    CHART_MOVED = "chart_moved"
    CHARTS_IMPORTED = "charts_imported"
    PERSON_CHANGED = "person_changed"
    CONTACT_ADDED = "contact_added"
    RECORDS_VIEWED = "records_viewed"
    RECORDS_SAVED = "records_saved"
    RECORD_DELETED = "record_deleted"
    RECORD_SHARED = "record_shared"
    FILE_VIEWED = "file_viewed"
    FILE_OFFERED = "file_offered"
    FILE_UPLOADED = "file_uploaded"
    MESSAGES_VIEWED = "messages_viewed"
    MESSAGES_LISTED = "messages_listed"
    MESSAGE_SENT = "message_sent"
    MESSAGES_ARCHIVED = "messages_archived"
    INVITATION_REQUESTED = "invitation_requested"
    REVOCATION_REQUESTED = "revocation_requested"
    NEW_INVITATION_ASKED = "new_invitation_asked"
    INVITATION_LOCKED = "invitation_locked"
    BIRTH_DATE_CHECKED = "birth_date_checked"
    ACCOUNTS_SEARCHED = "accounts_searched"
    ACCOUNT_VIEWED = "account_viewed"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    ACCOUNT_DISCONNECTED = "account_disconnected"
    ACCOUNT_SECOND_STEP_REMOVED = "account_second_step_removed"
    ACCOUNT_EMAIL_CHANGE_ASKED = "account_email_change_asked"
    DIRECTORY_VIEWED = "directory_viewed"
    DIRECTORY_SEARCHED = "directory_searched"
    DIRECTORY_EXPORTED = "directory_exported"
    BULK_INVITE_PREPARED = "bulk_invite_prepared"
    BULK_INVITE_CONFIRMED = "bulk_invite_confirmed"
    ALERT_DISMISSED = "alert_dismissed"
    HISTORY_VIEWED = "invitation_history_viewed"
    ORGANIZATION_CHANGED = "organization_changed"
    LOCATION_CHANGED = "location_changed"
    POLICY_PUBLISHED = "policy_published"
    TEST_MAIL_SENT = "test_mail_sent"
    STAFF_ADDED = "staff_added"
    CLIENT_ADDED = "client_added"
    CLIENT_REVOKED = "client_revoked"
    STAFF_CHANGED = "staff_changed"
    STAFF_DEACTIVATED = "staff_deactivated"
    STAFF_REACTIVATED = "staff_reactivated"
    STAFF_LINKED = "staff_linked"
    STAFF_UNLINKED = "staff_unlinked"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a word, no password
    PASSWORD_CHOSEN = "password_chosen"  # noqa: S105
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    AUDIT_LOG_VIEWED = "audit_log_viewed"
    AUDIT_LOG_EXPORTED = "audit_log_exported"
    WEBHOOK_ADDED = "webhook_added"
    WEBHOOK_CHANGED = "webhook_changed"
    WEBHOOK_REMOVED = "webhook_removed"
    WEBHOOK_SECRET_ROTATED = "webhook_secret_rotated"  # noqa: S105 - the name of an act
    WEBHOOK_TESTED = "webhook_tested"
    WEBHOOK_REDELIVERED = "webhook_redelivered"
    WEBHOOK_DISABLED = "webhook_disabled"


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did to an organisation, a chart, or a person on it.

    `actor` is `staff:<id>`, `client:<id>`, `operator`, `portal:<account>`, `invitee` or `system`.
    `detail` may name fields and ids, never the values of a person's data.
    """

    organization_id: str
    actor: str
    action: Action
    chart_id: str | None = None
    person_id: str | None = None
    detail: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def on(cls, invitee: Invitee, actor: str, action: Action, **detail: object) -> Self:
        """Return an act on a person on a chart."""
        return cls(invitee.organization, actor, action, invitee.chart, invitee.person, detail)

    def with_detail(self, **detail: object) -> Self:
        """Return the same act, told in more detail."""
        return replace(self, detail={**self.detail, **detail})


async def record(tx: Transaction, *acts: Act) -> None:
    """Note these acts, in one statement."""
    await queries.audit.add(tx, acts)
