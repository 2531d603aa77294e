"""How the staff's pages say things: days, moments, alerts, and why somebody cannot be invited."""

from datetime import UTC, date, datetime

from services.chart_service import alerts, rules
from services.chart_service.facesheet import Facesheet
from services.chart_service.models import Alert, AlertState, Person

_KIND_BY_STATE = {
    AlertState.BOUNCED: "danger",
    AlertState.REJECTED: "warning",
    AlertState.EXPIRED: "warning",
}
_PENDING = frozenset({AlertState.REQUESTED, AlertState.ISSUED, AlertState.SENT})


def day(value: date | None) -> str:
    """Return a day, for instance 2 March 2026."""
    return f"{value.day} {value:%B %Y}" if value else ""


def short_day(value: datetime) -> str:
    """Return a day for a dense list, for instance 2 Mar 2026."""
    return f"{value.day} {value:%b %Y}"


def moment(value: datetime) -> str:
    """Return a moment, for instance 2 March 2026, 09:30 UTC."""
    return f"{value.day} {value:%B %Y, %H:%M} UTC"


def second(value: datetime) -> str:
    """Return a moment to the second, for long lists, for instance 2026-03-02 09:30:15 in UTC."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def count(number: int, *, is_all: bool) -> str:
    """Return how many there are: 1,234 or, where not all were counted, more than 10,000."""
    return f"{number:,}" if is_all else f"more than {number:,}"


def kind_of(alert: Alert) -> str:
    """Return how the design system shows an alert."""
    return _KIND_BY_STATE.get(AlertState(alert.state), "info")


def title_of(alert: Alert) -> str:
    """Return what an alert says."""
    return alerts.message_of(alert)


def who_and_when(sheet: Facesheet, alert: Alert) -> str:
    """Return whom an alert is about, and since when it stands."""
    person = sheet.find(alert.person_id)
    who = f"{person.name}, {alert.role}" if person else "Somebody who is not on this chart"
    return f"{who}. Since {moment(alerts.since(alert))}."


def may_renew(sheet: Facesheet, alert: Alert) -> bool:
    """Tell whether an alert is one that a new invitation answers."""
    person = sheet.find(alert.person_id)
    return kind_of(alert) != "info" and person is not None and refusal(sheet, person) is None


def refusal(sheet: Facesheet, person: Person) -> str | None:
    """Return why somebody on a chart cannot be invited, None when they can."""
    found = rules.refusal(sheet.organization, sheet.patient, person)
    return found.sentence if found else None


def is_waiting(sheet: Facesheet, person: Person) -> bool:
    """Tell whether somebody's invitation waits for its acceptance."""
    return any(a.person_id == person.id and a.state in _PENDING for a in sheet.alerts)
