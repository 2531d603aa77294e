"""How the pages say what became of each person of a bulk invitation."""

from typing import Any

from sqlalchemy import Row

from services.chart_service.models import AlertState, ItemState
from services.chart_service.pages import standing_words

_REASONS = {
    "invitation_waiting": "An invitation is waiting already",
    "already_active": "Active in the portal already",
    "account_disabled": "The portal account is disabled",
    "email_changed": "The e-mail address changed since this was confirmed",
    "person_unknown": "Not on the chart any more",
    "portal_off": "The patient portal is switched off",
}
_BY_ALERT = {
    AlertState.SENT: ("success", "Mailed"),
    AlertState.BOUNCED: ("danger", "Bounced"),
    AlertState.REJECTED: ("warning", "Refused"),
    AlertState.CLEARED: ("success", "Accepted"),
    AlertState.EXPIRED: ("warning", "Expired"),
    AlertState.REVOKED: ("neutral", "Revoked"),
    AlertState.SUPERSEDED: ("neutral", "Replaced by a newer one"),
}


def reason(code: str | None) -> str:
    """Return why somebody was not invited."""
    return _REASONS.get(code or "") or standing_words.reason(code, None)


def result(person: Row[Any]) -> tuple[str, str]:
    """Return the badge of what became of somebody's invitation: its kind and its words."""
    if person.state == ItemState.REFUSED:
        return "warning", "Not invited"
    if person.state == ItemState.QUEUED:
        return "neutral", "Waiting"
    return _BY_ALERT.get(person.alert_state, ("info", "Requested"))


def explanation(person: Row[Any]) -> str:
    """Return more on it: why somebody was not invited, or what the mail server said."""
    if person.state == ItemState.REFUSED:
        return reason(person.reason)
    return person.detail or ""
