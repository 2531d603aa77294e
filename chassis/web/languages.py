"""The language of a page: its texts (gettext catalogues), dates, times and phone numbers.

A service's `translations/<language>.po` are read at the start; English is in the code itself.
"""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import NamedTuple

import phonenumbers
from babel import Locale, UnknownLocaleError, dates, negotiate_locale, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request, cookie_parser

from chassis.web import zones

DEFAULT = "en"
COOKIE = "portico_language"
"""The language that somebody chose, and no more."""
QUERY = "lang"
"""In an address: the language of the mail that led there, for who has chosen none."""

_LOCALES = {"en": "en_US", "es": "es_US"}


class _Spoken(NamedTuple):
    code: str
    texts: NullTranslations


_ENGLISH = _Spoken(DEFAULT, NullTranslations())
_spoken: ContextVar[_Spoken] = ContextVar("language", default=_ENGLISH)


class Languages:
    """The languages that a service's pages are written in."""

    def __init__(self, folder: Path) -> None:
        others = [_Spoken(path.stem, _catalogue(path)) for path in sorted(folder.glob("*.po"))]
        self._by_code = {spoken.code: spoken for spoken in (_ENGLISH, *others)}

    @property
    def codes(self) -> list[str]:
        """The languages there are, English first."""
        return list(self._by_code)

    def nearest(self, *wanted: str | None) -> str:
        """Return the language to use for these, the dearest first: "es" for "es-MX"."""
        found = negotiate_locale(filter(None, wanted), self.codes, sep="-") or DEFAULT
        return next(code for code in self.codes if code.lower() == found.lower())

    def choose(self, headers: Headers, query: QueryParams) -> None:
        """Use the language of a request from here on: chosen, else the mail's or the browser's."""
        chosen = cookie_parser(headers.get("cookie", "")).get(COOKIE)
        told = next((code for code in (chosen, query.get(QUERY)) if code in self.codes), None)
        _spoken.set(self._by_code[told or self.nearest(*_accepted(headers))])

    def of_mail(self, request: Request) -> str:
        """Return the query with which a page's form passes on the language of a mail, or ""."""
        told = request.query_params.get(QUERY)
        return f"?{QUERY}={told}" if told in self.codes else ""

    @contextmanager
    def speaking(self, code: str) -> Iterator[None]:
        """Use one of the languages for a while."""
        before = _spoken.set(self._by_code[code])
        try:
            yield
        finally:
            _spoken.reset(before)


def marked(text: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return text


def gettext(text: str) -> str:
    """Return a text in the language of the request."""
    return _spoken.get().texts.gettext(text) if text else ""


def ngettext(one: str, many: str, number: int) -> str:
    """Return a text about so many in the language of the request."""
    return _spoken.get().texts.ngettext(one, many, number)


def language() -> str:
    """Return the language of the request, such as "en"."""
    return _spoken.get().code


def name_of(code: str) -> str:
    """Return how a language calls itself: "English (United States)"; an unknown one is its code."""
    try:
        locale = Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return code
    name = locale.get_display_name() or code
    return name[0].upper() + name[1:]


def in_words(value: date) -> str:
    """Return a day as people write it: "November 3, 2026", "3 de noviembre de 2026"."""
    return dates.format_date(_day(value), "long", locale=_locale())


def date_order() -> list[str]:
    """Return the parts of a date in the order in which people write them: month, day, year."""
    pattern = dates.get_date_format("short", locale=_locale()).pattern.lower()
    return sorted(("day", "month", "year"), key=lambda part: pattern.index(part[0]))


def weekday(value: date) -> str:
    """Return a day with its weekday: "Tuesday, November 3, 2026"."""
    return dates.format_date(_day(value), "full", locale=_locale())


def clock(value: datetime) -> str:
    """Return a time of day as people write it, in the zone of the page: "2:30 PM"."""
    value = zones.here(value)
    return dates.format_time(value, "short", tzinfo=value.tzinfo, locale=_locale())


def zone(value: datetime) -> str:
    """Return what people call the page's time zone at a moment: "EST", "UTC"."""
    return dates.get_timezone_name(zones.here(value), width="short", locale=_locale())


def number(value: Decimal | int) -> str:
    """Return a number as people write it, without zeros that say nothing: "9.5"."""
    return numbers.format_decimal(value, locale=_locale())


def phone(number: str) -> str:
    """Return a phone number as people write it; what is none stays as it is."""
    try:
        parsed = phonenumbers.parse(number, "US")
    except phonenumbers.NumberParseException:
        return number
    if not phonenumbers.is_valid_number(parsed):
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _day(value: date) -> date:
    return zones.here(value) if isinstance(value, datetime) else value


def _locale() -> str:
    return _LOCALES.get(language(), language())


def _accepted(headers: Headers) -> Iterable[str]:
    """Return the languages that a browser asks for, the dearest first (RFC 9110, 12.5.4)."""
    weighted = []
    for part in headers.get("accept-language", "").split(","):
        code, _, weight = part.strip().partition(";q=")
        try:
            weighted.append((float(weight or 1), code))
        except ValueError:
            continue
    return [code for weight, code in sorted(weighted, key=lambda w: -w[0]) if code and weight > 0]


def _catalogue(path: Path) -> GNUTranslations:
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=path.stem))
    compiled.seek(0)
    return GNUTranslations(compiled)
