"""How the staff's pages speak of invitations: their states, and what can be done about them."""

from datetime import datetime

from services.chart_service import alerts, rules
from services.chart_service.facesheet import Facesheet
from services.chart_service.models import AccessState, Alert, AlertState, Person

_WORDS = {
    AlertState.REQUESTED: ("Invitation requested", ""),
    AlertState.ISSUED: ("Invitation on its way", "Its mail is about to be sent."),
    AlertState.SENT: ("Invitation mailed", "It waits to be accepted."),
    AlertState.REMINDED: ("Reminder mailed", "The invitation waits to be accepted."),
    AlertState.OPENED: ("Invitation opened", "The link was followed; it is not accepted yet."),
    AlertState.LOCKED: ("Link locked", ""),
    AlertState.BOUNCED: ("Invitation bounced", "The mail could not be delivered."),
    AlertState.ACCEPTED: ("Invitation accepted", "Access is being set up."),
    AlertState.REJECTED: ("Invitation rejected", "It was not sent."),
    AlertState.EXPIRED: ("Invitation expired", "It was not accepted in time."),
}
"""The state in a word, and what it means."""

_LABELS = {
    AlertState.ISSUED: "Issued",
    AlertState.SENT: "Mailed",
    AlertState.REMINDED: "Reminded",
    AlertState.OPENED: "Opened",
    AlertState.LOCKED: "Locked",
    AlertState.BOUNCED: "Bounced",
    AlertState.ACCEPTED: "Accepted",
    AlertState.REJECTED: "Rejected",
    AlertState.EXPIRED: "Expired",
}
_KIND_BY_STATE = {
    AlertState.ACCEPTED: "success",
    AlertState.BOUNCED: "danger",
    AlertState.LOCKED: "warning",
    AlertState.REJECTED: "warning",
    AlertState.EXPIRED: "warning",
}

_WHY_ASKED = {
    AlertState.LOCKED: "Their link is locked.",
    AlertState.EXPIRED: "Their link has expired.",
    AlertState.SUPERSEDED: "Their link was replaced by that of a newer invitation.",
    AlertState.REVOKED: "Their invitation was withdrawn.",
    AlertState.ACCEPTED: "Their invitation has been accepted.",
    AlertState.CLEARED: "Their invitation has been accepted.",
}
"""Why somebody asks for a new invitation."""


def is_asked(alert: Alert) -> bool:
    """Tell whether the invitee asks for a new invitation, which is said rather than the state."""
    return alert.asked_at is not None


def kind_of(alert: Alert) -> str:
    """Return how the design system shows an alert."""
    if is_asked(alert):
        return "warning"
    return _KIND_BY_STATE.get(AlertState(alert.state), "info")


def title_of(alert: Alert) -> str:
    """Return the state of an invitation in a word or two."""
    if is_asked(alert):
        return "Asked for a new invitation"
    return _WORDS[AlertState(alert.state)][0]


def text_of(alert: Alert) -> str:
    """Return what the state means, with the reason where there is one."""
    state = AlertState(alert.state)
    if is_asked(alert):
        said = (_WHY_ASKED.get(state), alert.detail if state is AlertState.LOCKED else None)
    else:
        said = (_WORDS[state][1], alert.detail)
    return " ".join(filter(None, said))


def since(alert: Alert) -> datetime:
    """Return when the invitation was asked for, or the earliest that is known of it."""
    return alerts.since(alert)


def since_label(alert: Alert) -> str:
    """Return what is said before the time of the request."""
    waits = alert.state in alerts.OPEN and not is_asked(alert)
    return "Pending since" if waits else "Requested"


def has_later_news(alert: Alert) -> bool:
    """Tell whether the state came after the request, at a time of its own."""
    return is_asked(alert) or AlertState(alert.state) in _LABELS


def state_label(alert: Alert) -> str:
    """Return what is said before the time of the state, or of the asking."""
    return "Asked" if is_asked(alert) else _LABELS[AlertState(alert.state)]


def changed_at(alert: Alert) -> datetime:
    """Return when the state came, or when a new invitation was asked for."""
    return alert.asked_at or alert.updated_at


def was_issued(alert: Alert) -> bool:
    """Tell whether there was a link, so that inviting again is sending it anew."""
    return alert.state not in {AlertState.REQUESTED, AlertState.REJECTED, AlertState.ASKED}


def may_resend(sheet: Facesheet, alert: Alert) -> bool:
    """Tell whether an alert is one that a new invitation answers."""
    person = sheet.find(alert.person_id)
    settled = alert.state == AlertState.ACCEPTED
    return not settled and person is not None and refusal(sheet, person) is None


def may_revoke(alert: Alert) -> bool:
    """Tell whether there is an invitation to take back."""
    return alert.state in alerts.OPEN


def may_dismiss(alert: Alert) -> bool:
    """Tell whether staff may hide an alert."""
    return is_asked(alert) or alert.state in alerts.DISMISSIBLE


def refusal(sheet: Facesheet, person: Person) -> str | None:
    """Return why somebody on a chart cannot be invited, None when they can."""
    found = sheet.refusal(person)
    return found.sentence if found else None


def portal_state(sheet: Facesheet, person: Person) -> tuple[str, str] | None:
    """Return the badge of somebody's access as kind and words, None when there is none."""
    access = sheet.access.get(person.id)
    if access is None or not rules.has_account(person, access):
        return None
    active = access.state == AccessState.ACTIVE
    return ("success", "Portal active") if active else ("neutral", "Account disabled")
