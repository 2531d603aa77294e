"""The words by which charts and people are found."""

import pytest

from services.chart_service import search_words


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("García-López", "garcia"),
        ("García-López", "LOP"),
        ("García-López", "garcia-lo"),
        ("O\u2019Brien", "o'b"),
        ("O\u2019Brien", "obrien"),
        ("Møller", "moller"),
        ("Straße", "strasse"),
        ("ana.lopez@sunrise.example", "ana.lopez@sun"),
        ("ana.lopez@sunrise.example", "sunrise"),
        ("MRN 00-17", "17"),
        ("MRN 00-17", "0017"),
    ],
)
def test_a_word_is_found_by_its_beginning_whatever_its_accents(text: str, word: str) -> None:
    [wanted] = search_words.wanted(word)
    assert any(known.startswith(wanted) for known in search_words.words_of(text))


def test_the_middle_of_a_word_finds_nothing() -> None:
    assert not any(known.startswith("pez") for known in search_words.words_of("Lopez"))


@pytest.mark.parametrize("odd", ["", "  ", "\x00", "\ud800", "\x1b"])
def test_what_nobody_can_type_is_left_out(odd: str) -> None:
    assert search_words.wanted(odd) == []
    assert search_words.words_of(odd, None) == set()


def test_names_sort_by_family_name_first() -> None:
    names = [("Lópezino", "A"), ("Lopez", "Zoe"), ("lopez", "Ana")]
    assert sorted(names, key=lambda name: search_words.sort_name(*name)) == names[::-1]


def test_a_query_is_safe_to_be_parsed() -> None:
    assert search_words.query("o", ["a'b\\", "c:*&!"]) == "'o/a''b\\\\':* & 'o/c:*&!':*"
