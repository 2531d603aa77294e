"""Read elements of FHIR JSON that may lack, repeat or garble anything.

What has the wrong JSON type reads as absent. Times are compared to the day, as far as they tell.
"""

import re
import unicodedata
from datetime import date
from typing import Any, TypeAlias

Element: TypeAlias = dict[str, Any]

NAME_LENGTH = 100
PHONE_LENGTH = 100
EMAIL_LENGTH = 320
ADDRESS_LENGTH = 500

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2}(T.*)?)?)?", re.DOTALL)
_LANGUAGE = re.compile(r"(?=.{2,35}$)[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_LANGUAGES = ("urn:ietf:bcp:47", None)
_NOT_TEXT = ("Cc", "Cs")
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class RefusedError(Exception):
    """This resource or part of one cannot be taken; the message is the reason, for the report."""


def items(element: Element, name: str) -> list[Element]:
    """Return the element's children of that name, one or many."""
    value = element.get(name)
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, dict)]


def item(element: Element, name: str) -> Element:
    """Return the element's first child of that name, empty when there is none."""
    return next(iter(items(element, name)), {})


def text(element: Element, name: str, limit: int = NAME_LENGTH) -> str | None:
    """Return a string on one line and without control characters, None when nothing is left.

    Raises:
        RefusedError: It has more than `limit` characters.
    """
    return clean(element.get(name), name, limit)


def texts(element: Element, name: str) -> list[str]:
    """Return the strings of a repeating element, cleaned like `text`."""
    value = element.get(name)
    values = value if isinstance(value, list) else [value]
    return [found for each in values if (found := clean(each, name, NAME_LENGTH))]


def clean(value: object, name: str, limit: int) -> str | None:
    """Clean one string as `text` does; `name` is for the reason."""
    if not isinstance(value, str):
        return None
    if len(value) > limit:
        raise RefusedError(f"{name} is longer than {limit} characters")
    visible = "".join(" " if _is_control(character) else character for character in value)
    return " ".join(unicodedata.normalize("NFC", visible).split()) or None


def codes(element: Element, name: str) -> set[tuple[str, str]]:
    """Return the (system, code) pairs of a CodeableConcept, or of several."""
    found = [coding for concept in items(element, name) for coding in items(concept, "coding")]
    return {(str(coding.get("system")), str(coding.get("code"))) for coding in found}


def check_in_force(element: Element, today: date) -> None:
    """Refuse what has ended or not begun by its `period`; both its days belong to it.

    Raises:
        RefusedError: The period is not around `today`, or cannot be read.
    """
    period = item(element, "period")
    if _is_before(today, period.get("start")):
        raise RefusedError("its period has not begun")
    if _is_after(today, period.get("end")):
        raise RefusedError("its period has ended")


def in_use(elements: list[Element], today: date) -> list[Element]:
    """Return the names, addresses or telecoms that are neither old nor out of their period."""
    return [each for each in elements if each.get("use") != "old" and _is_in_force(each, today)]


def contact_point(element: Element, system: str, today: date) -> str | None:
    """Return the phone number or e-mail address to use: by rank, work last among equals."""
    points = [p for p in in_use(items(element, "telecom"), today) if p.get("system") == system]
    limit = EMAIL_LENGTH if system == "email" else PHONE_LENGTH
    values = (clean(point.get("value"), system, limit) for point in sorted(points, key=_rank))
    return next(filter(None, values), None)


def language_of(element: Element) -> str | None:
    """Return the preferred language of communication, else the first (BCP 47); None if none is."""
    told = sorted(items(element, "communication"), key=lambda one: one.get("preferred") is not True)
    found = (
        str(coding.get("code"))
        for one in told
        for coding in items(item(one, "language"), "coding")
        if coding.get("system") in _LANGUAGES
    )
    return next((code for code in found if _LANGUAGE.fullmatch(code)), None)


def address_line(element: Element, today: date) -> str | None:
    """Return the address on one line, the home address first."""
    found = in_use(items(element, "address"), today)
    best = min(found, key=lambda each: each.get("use") != "home", default=Element())
    region = [text(best, "state"), text(best, "postalCode")]
    parts = [*texts(best, "line"), text(best, "city"), " ".join(filter(None, region))]
    written = text(best, "text", ADDRESS_LENGTH)
    line = ", ".join(filter(None, [*parts, text(best, "country")]))
    return written or clean(line, "address", ADDRESS_LENGTH)


def _rank(point: Element) -> tuple[int, bool]:
    rank = point.get("rank")
    return rank if isinstance(rank, int) else 1000, point.get("use") == "work"


def _is_in_force(element: Element, today: date) -> bool:
    try:
        check_in_force(element, today)
    except RefusedError:
        return False
    return True


def _is_after(today: date, end: object) -> bool:
    return end is not None and today.isoformat()[: len(_day(end))] > _day(end)


def _is_before(today: date, start: object) -> bool:
    return start is not None and today.isoformat()[: len(_day(start))] < _day(start)


def _day(value: object) -> str:
    """Return a date of any precision as text, which compares like the date."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise RefusedError("its period is not a pair of FHIR dates")
    return value[:10]


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in _NOT_TEXT or character in _DIRECTION_MARKS
