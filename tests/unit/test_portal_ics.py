"""Appointments as files for calendars."""

from datetime import UTC, datetime, timedelta, timezone

from services.portal_access import ics
from services.portal_access.chart_views import Appointment

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
NEW_YORK = timezone(timedelta(hours=-5))


def lines(**changes: object) -> list[str]:
    """Return the lines of an appointment's file, each as it was before it was folded."""
    fields = {"id": "a-1", "title": "Intake", "starts_at": datetime(2026, 12, 1, 15, tzinfo=UTC)}
    one = Appointment.model_validate(fields | changes)
    return ics.event(one, "a-1.c-1@sunrise", "Sunrise", NOW).replace("\r\n ", "").split("\r\n")


def test_times_are_in_utc_and_an_end_that_is_not_known_is_an_hour_later() -> None:
    found = lines(starts_at=datetime(2026, 12, 1, 10, 30, tzinfo=NEW_YORK))
    assert "DTSTART:20261201T153000Z" in found
    assert "DTEND:20261201T163000Z" in found
    assert "DTSTAMP:20261127T080000Z" in found


def test_the_same_appointment_has_the_same_name_for_a_calendar() -> None:
    assert "UID:a-1.c-1@sunrise" in lines()
    assert "UID:a-1.c-1@sunrise" in lines(title="Another title")


def test_what_has_a_meaning_in_the_format_is_escaped() -> None:
    found = lines(title="Group; \\ open, to all\nBEGIN:VEVENT", place="Room 1, left")
    assert "SUMMARY:Group\\; \\\\ open\\, to all\\nBEGIN:VEVENT\\, Sunrise" in found
    assert "LOCATION:Room 1\\, left" in found
    assert found.count("BEGIN:VEVENT") == 1


def test_no_line_is_longer_than_75_octets_and_no_character_is_split() -> None:
    one = Appointment(id="a", title="Übergang 🌻 " * 20, starts_at=NOW)
    raw = ics.event(one, "a@o", "Sunrise", NOW).encode()
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    assert all(line.decode() for line in raw.rstrip(b"\r\n").split(b"\r\n"))
    assert ("Übergang 🌻 " * 20).strip() in raw.decode().replace("\r\n ", "")


def test_a_cancelled_appointment_is_cancelled_in_the_calendar_too() -> None:
    assert "STATUS:CANCELLED" in lines(cancelled=True)
    assert "STATUS:CONFIRMED" in lines()
