"""Which language a page is in, and how it writes dates, times and phone numbers."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from starlette.datastructures import Headers, QueryParams

from chassis.web import languages, zones
from chassis.web.languages import Languages, gettext, ngettext

CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Medications"
msgstr "Medicamentos"

msgid "one file"
msgid_plural "many files"
msgstr[0] "un archivo"
msgstr[1] "varios archivos"
"""


@pytest.fixture
def spoken(tmp_path: Path) -> Languages:
    """English and Spanish."""
    (tmp_path / "es.po").write_text(CATALOGUE)
    return Languages(tmp_path)


def chosen(known: Languages, accepted: str = "", cookie: str = "", query: str = "") -> str:
    headers = Headers({"accept-language": accepted, "cookie": cookie})
    known.choose(headers, QueryParams(query))
    return languages.language()


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en;q=0.3,es;q=0.9", "es"),
        ("fr-CA,fr;q=0.9", "en"),
        ("fr,es;q=0.4", "es"),
        ("es;q=0,en", "en"),
        ("es;q=much", "en"),
        ("*", "en"),
        (";;;,,,", "en"),
    ],
)
def test_the_browsers_dearest_language_is_used(
    spoken: Languages, accepted: str, language: str
) -> None:
    assert chosen(spoken, accepted) == language


def test_the_mails_language_goes_before_the_browsers(spoken: Languages) -> None:
    assert chosen(spoken, "en-US", query="lang=es") == "es"


def test_what_somebody_chose_goes_before_all(spoken: Languages) -> None:
    cookie = f"{languages.COOKIE}=en"
    assert chosen(spoken, "es-US", cookie, "lang=es") == "en"


@pytest.mark.parametrize("nonsense", ["xx", "../es", "", "es-419"])
def test_a_language_that_there_is_not_counts_for_nothing(spoken: Languages, nonsense: str) -> None:
    cookie = f"{languages.COOKIE}={nonsense}"
    assert chosen(spoken, "es", cookie, f"lang={nonsense}") == "es"


def test_mails_take_the_nearest_language(spoken: Languages) -> None:
    assert [spoken.nearest(code) for code in ("es-MX", "ES", "en-GB", "pt", None)] == [
        *("es", "es", "en", "en", "en")
    ]


def test_texts_are_in_the_language_of_the_request(spoken: Languages) -> None:
    chosen(spoken, "es")
    assert gettext("Medications") == "Medicamentos"
    assert gettext("Not in the catalogue") == "Not in the catalogue"
    assert gettext("") == ""
    assert [ngettext("one file", "many files", n) for n in (1, 2)] == [
        *("un archivo", "varios archivos")
    ]


def test_a_language_is_spoken_for_a_while(spoken: Languages) -> None:
    chosen(spoken, "en")
    with spoken.speaking("es"):
        assert gettext("Medications") == "Medicamentos"
    assert gettext("Medications") == "Medications"


def test_days_and_times_are_written_as_people_write_them(spoken: Languages) -> None:
    day = date(2026, 11, 3)
    afternoon = datetime(2026, 11, 3, 20, 30, tzinfo=UTC)
    zones.use("America/Chicago")
    with spoken.speaking("en"):
        assert languages.in_words(day) == "November 3, 2026"
        assert languages.weekday(day) == "Tuesday, November 3, 2026"
        assert languages.clock(afternoon).split() == ["2:30", "PM"]
    with spoken.speaking("es"):
        assert languages.in_words(day) == "3 de noviembre de 2026"
        assert languages.weekday(day) == "martes, 3 de noviembre de 2026"
        assert languages.clock(afternoon).split() == ["2:30", "p.m."]


@pytest.mark.parametrize(
    ("zone", "day", "short"),
    [("UTC", "November 3", "UTC"), ("America/Chicago", "November 2", "CST")],
)
def test_a_moment_is_on_the_day_that_it_is_there(
    spoken: Languages, zone: str, day: str, short: str
) -> None:
    moment = datetime(2026, 11, 3, 2, 30, tzinfo=UTC)
    with spoken.speaking("en"), zones.using(zone):
        assert languages.in_words(moment) == f"{day}, 2026"
        assert languages.zone(moment) == short


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("2025550143", "+1 202-555-0143"),
        ("+1 (202) 555-0143", "+1 202-555-0143"),
        ("+525512345678", "+52 55 1234 5678"),
        ("call the desk", "call the desk"),
        ("12", "12"),
    ],
)
def test_phone_numbers_are_grouped_as_their_country_does(number: str, shown: str) -> None:
    assert languages.phone(number) == shown


def test_languages_are_called_by_their_own_names() -> None:
    assert [languages.name_of(code) for code in ("en", "es", "en-US", "zz-zz")] == [
        *("English", "Español", "English (United States)", "zz-zz")
    ]
