"""An appointment as a file that calendars take (RFC 5545)."""

from datetime import UTC, datetime

from services.portal_access.chart_views import Appointment

_LONGEST_LINE = 75
"""In octets, without the line's end (RFC 5545, 3.1)."""


def event(appointment: Appointment, uid: str, center: str, now: datetime) -> str:
    """Return a calendar with the appointment: its time, title and where, and no more.

    The same `uid` is the same appointment to a calendar, so that it is updated when it is added
    again.
    """
    where = appointment.telehealth_url or appointment.place
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Portico//Patient portal//EN"),
        *("BEGIN:VEVENT", f"UID:{_text(uid)}", f"DTSTAMP:{_time(now)}"),
        f"DTSTART:{_time(appointment.starts_at)}",
        f"DTEND:{_time(appointment.ends)}",
        f"SUMMARY:{_text(f'{appointment.title}, {center}')}",
        *([f"LOCATION:{_text(where)}"] if where else []),
        f"STATUS:{'CANCELLED' if appointment.cancelled else 'CONFIRMED'}",
        *("END:VEVENT", "END:VCALENDAR"),
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _time(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """Return a text with what has a meaning of its own escaped (RFC 5545, 3.3.11)."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _folded(line: str) -> str:
    """Return a line in parts of at most 75 octets, none of which splits a character."""
    parts, part = [], ""
    for character in line:
        if len((part + character).encode()) > _LONGEST_LINE:
            parts.append(part)
            part = " "
        part += character
    return "\r\n".join([*parts, part])
