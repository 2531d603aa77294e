"""How the staff's pages say days and moments."""

from datetime import UTC, date, datetime

from chassis.web import zones


def day(value: date | None) -> str:
    """Return a day, for instance 2 March 2026."""
    return f"{value.day} {value:%B %Y}" if value else ""


def short_day(value: datetime) -> str:
    """Return a day for a dense list, for instance 2 Mar 2026."""
    shown = zones.here(value)
    return f"{shown.day} {shown:%b %Y}"


def moment(value: datetime) -> str:
    """Return a moment in the organisation's time zone, for instance 2 March 2026, 09:30 EST."""
    shown = zones.here(value)
    return f"{shown.day} {shown:%B %Y, %H:%M %Z}"


def second(value: datetime) -> str:
    """Return a moment to the second, for long lists, for instance 2026-03-02 09:30:15 in UTC."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def count(number: int, *, is_all: bool) -> str:
    """Return how many there are: 1,234 or, where not all were counted, more than 10,000."""
    return f"{number:,}" if is_all else f"more than {number:,}"
