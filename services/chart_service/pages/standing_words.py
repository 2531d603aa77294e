"""How the staff's pages say how somebody stands with the portal, and what can be done about it."""

from typing import Any

from sqlalchemy import Row

from services.chart_service.directory_status import ASKED, LOCKED, REFUSED
from services.chart_service.models import Status
from services.chart_service.pages import words

LABELS = {
    Status.NOT_INVITED: "Not invited",
    Status.PENDING: "Pending",
    Status.EXPIRED: "Expired",
    Status.BOUNCED: "Bounced",
    Status.ACTIVE: "Active",
    Status.DISABLED: "Disabled",
    Status.NOT_ELIGIBLE: "Not eligible",
}
"""In the order in which an invitation goes."""

_BADGES = {
    Status.PENDING: "info",
    Status.EXPIRED: "warning",
    Status.BOUNCED: "danger",
    Status.ACTIVE: "success",
    Status.DISABLED: "warning",
}
_REASONS = {
    "email_missing": "No e-mail address",
    "email_invalid": "E-mail address not valid",
    "relationship_not_eligible": "Neither patient, guardian nor guarantor",
    "relationship_ended": "Relationship ended",
    "patient_deceased": "Patient deceased",
    "patient_discharged": "Patient discharged",
    "patient_of_age": "Patient came of age",
    REFUSED: "The last request was refused.",
    LOCKED: "Link locked",
    ASKED: "Asked for a new invitation",
}
_WAYS = {
    Status.NOT_INVITED: ("invite",),
    Status.EXPIRED: ("resend",),
    Status.BOUNCED: ("resend", "revoke"),
    Status.PENDING: ("resend", "revoke"),
}
WAY_LABELS = {"invite": "Invite", "resend": "Resend", "revoke": "Revoke"}


def label(status: str) -> str:
    """Return a status in a word or two."""
    return LABELS[Status(status)]


def badge_kind(status: str) -> str:
    """Return how the design system shows a status."""
    return _BADGES.get(Status(status), "neutral")


def reason(code: str | None, detail: str | None) -> str:
    """Return why somebody stands as they do, empty where nothing needs to be said."""
    said = _REASONS.get(code, code.replace("_", " ").capitalize()) if code else ""
    return " ".join(filter(None, (said, detail)))


def since(entry: Row[Any]) -> str:
    """Return since when a status holds, or empty."""
    return f"since {words.short_day(entry.since)}" if entry.since else ""


def relationship(entry: Row[Any]) -> str:
    """Return what somebody is on the chart, for a sentence that goes on with whose it is."""
    return "Patient" if entry.relationship == "Patient" else f"{entry.relationship} of"


def name(entry: Row[Any]) -> str:
    """Return a person's legal name as lists sort it."""
    return f"{entry.family_name}, {entry.given_name}"


def patient(entry: Row[Any]) -> str:
    """Return the name of the patient whose chart it is."""
    return f"{entry.patient_given_name} {entry.patient_family_name}".strip()


def ways(entry: Row[Any], *, portal_enabled: bool) -> tuple[str, ...]:
    """Return what can be done with somebody's invitation: invite, resend, revoke."""
    offered = _WAYS.get(Status(entry.status), ())
    return tuple(way for way in offered if portal_enabled or way == "revoke")


def may_be_corrected(entry: Row[Any]) -> bool:
    """Tell whether it is the address on file that keeps somebody from being invited."""
    return entry.reason in {"email_missing", "email_invalid"}
