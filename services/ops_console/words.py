"""How the console says numbers, times and rates."""

from datetime import UTC, datetime, timedelta

_MANY = 100
_MINUTE = 60


def span(time: timedelta) -> str:
    """Return how long, for instance 40 s, or 3 min 5 s."""
    seconds = round(time.total_seconds())
    if seconds < _MINUTE:
        return f"{seconds} s"
    return f"{seconds // _MINUTE} min {seconds % _MINUTE} s"


def short_span(time: timedelta) -> str:
    """Return how long something short took, for instance 0.12 s; of a minute or more, as span."""
    seconds = time.total_seconds()
    return span(time) if seconds >= _MINUTE else f"{seconds:.2f} s"


def moment(value: datetime) -> str:
    """Return a moment in UTC, for instance 2026-03-02 09:30:15."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def rate(per_second: float) -> str:
    """Return a rate, for instance 0.4/s, or 1,203/s."""
    digits = 0 if per_second >= _MANY else 1
    return f"{per_second:,.{digits}f}/s"


def seconds(number: float | None) -> str:
    """Return how long something waits by its number of seconds."""
    return span(timedelta(seconds=number)) if number else "none"


def age(since: datetime | None, now: datetime) -> str:
    """Return how long something waits, "" when nothing does."""
    return span(now - since) if since else ""


def many(number: int, what: str) -> str:
    """Return how many there are of something, for instance 1 event, or 1,203 events."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
