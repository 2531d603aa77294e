"""What the audit log's page calls each act, and what it says of its detail."""

from collections.abc import Mapping
from typing import Any

from services.chart_service.audit import Action

ACTIONS = {
    Action.CHART_VIEWED: "Looked at a chart",
    Action.CHARTS_LISTED: "Looked at the list of charts",
    Action.CHART_SEARCHED: "Searched the list of charts",
    Action.CHART_RECORDED: "Recorded a chart",
    Action.CHARTS_IMPORTED: "Imported a chart",
    Action.CHART_MOVED: "Moved a chart to another location",
    Action.PERSON_CHANGED: "Changed somebody's details",
    Action.CONTACT_ADDED: "Added a contact",
    Action.RECORDS_VIEWED: "Looked at records",
    Action.RECORDS_SAVED: "Saved records",
    Action.RECORD_DELETED: "Deleted a record",
    Action.RECORD_SHARED: "Shared a record, or stopped sharing it",
    Action.FILE_VIEWED: "Looked at a file",
    Action.FILE_OFFERED: "Sent a file in the portal, to be checked",
    Action.FILE_UPLOADED: "Put a file on the chart in the portal",
    Action.MESSAGES_VIEWED: "Read messages",
    Action.MESSAGES_LISTED: "Looked at the list of unread messages",
    Action.MESSAGE_SENT: "Sent a message",
    Action.MESSAGES_ARCHIVED: "Archived messages, or brought them back",
    Action.INVITATION_REQUESTED: "Asked for an invitation",
    Action.REVOCATION_REQUESTED: "Asked to revoke an invitation",
    Action.NEW_INVITATION_ASKED: "Asked for a new invitation, as the link works no longer",
    Action.INVITATION_LOCKED: "Locked the link of an invitation",
    Action.BIRTH_DATE_CHECKED: "Gave a date of birth, to go on with an invitation",
    Action.ALERT_DISMISSED: "Dismissed an alert",
    Action.HISTORY_VIEWED: "Looked at the history of somebody's invitations",
    Action.ACCOUNTS_SEARCHED: "Looked at the list of portal accounts",
    Action.ACCOUNT_VIEWED: "Looked at a portal account",
    Action.ACCOUNT_DISABLED: "Disabled a portal account",
    Action.ACCOUNT_ENABLED: "Enabled a portal account",
    Action.ACCOUNT_DISCONNECTED: "Disconnected a portal account from a chart",
    Action.ACCOUNT_SECOND_STEP_REMOVED: "Removed the two-step sign-in of a portal account",
    Action.ACCOUNT_EMAIL_CHANGE_ASKED: "Asked to verify a new address of a portal account",
    Action.DIRECTORY_VIEWED: "Looked at the Portal Directory",
    Action.DIRECTORY_SEARCHED: "Searched the Portal Directory",
    Action.DIRECTORY_EXPORTED: "Exported the Portal Directory",
    Action.BULK_INVITE_PREPARED: "Chose people to invite",
    Action.BULK_INVITE_CONFIRMED: "Confirmed the invitations of many people",
    Action.ORGANIZATION_CHANGED: "Changed the organisation",
    Action.LOCATION_CHANGED: "Changed a location",
    Action.POLICY_PUBLISHED: "Published the terms or the privacy policy",
    Action.TEST_MAIL_SENT: "Sent a test mail to themselves",
    Action.STAFF_ADDED: "Added a user",
    Action.STAFF_CHANGED: "Changed a user",
    Action.STAFF_DEACTIVATED: "Deactivated a user",
    Action.STAFF_REACTIVATED: "Reactivated a user",
    Action.STAFF_LINKED: "Linked to a single sign-on",
    Action.STAFF_UNLINKED: "Unlinked a user from single sign-on",
    Action.PASSWORD_RESET: "Reset a user's password",
    Action.PASSWORD_CHOSEN: "Chose a password by a link",
    Action.PASSWORD_CHANGED: "Changed their own password",
    Action.SIGNED_IN: "Signed in",
    Action.SIGN_IN_FAILED: "Failed to sign in",
    Action.SIGNED_OUT: "Signed out",
    Action.CLIENT_ADDED: "Added an integration",
    Action.CLIENT_REVOKED: "Revoked an integration",
    Action.WEBHOOK_ADDED: "Added a webhook endpoint",
    Action.WEBHOOK_CHANGED: "Changed a webhook endpoint",
    Action.WEBHOOK_REMOVED: "Removed a webhook endpoint",
    Action.WEBHOOK_SECRET_ROTATED: "Rotated a webhook endpoint's secret",
    Action.WEBHOOK_TESTED: "Sent a test message to a webhook endpoint",
    Action.WEBHOOK_REDELIVERED: "Sent a message to a webhook endpoint again",
    Action.WEBHOOK_DISABLED: "Disabled a webhook endpoint that failed",
    Action.AUDIT_LOG_VIEWED: "Looked at the audit log",
    Action.AUDIT_LOG_EXPORTED: "Exported the audit log",
}
"""Plain words for each act; a test sees to it that none is missing."""

_VALUES = {"oidc": "single sign-on"}


def action_of(action: str) -> str:
    """Return what an act is called; one that this version does not know is its code."""
    known = {each.value: words for each, words in ACTIONS.items()}
    return known.get(action, action.replace("_", " ").capitalize())


def detail_of(detail: Mapping[str, Any]) -> str:
    """Return what an entry says besides: names of fields, ids and numbers."""
    return "; ".join(
        f"{name.replace('_', ' ')}: {_text(value)}"
        for name, value in detail.items()
        if value not in (None, "", [])
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    text = str(value)
    return _VALUES.get(text, text.replace("_", " "))
