"""The words by which charts and people are found: accents, case and punctuation do not matter."""

import re
import unicodedata

LONGEST = 200
"""The most characters of what somebody looks for; a word counts by its first 60."""

_LONGEST_WORD = 60
_NOT_DECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
    | {"’": "'", "‘": "'", "‐": "-", "‑": "-", "–": "-"}  # noqa: RUF001 - as people type them
)
_BETWEEN_PARTS = re.compile(r"[\W_]+")


def normalised(text: str) -> str:
    """Return a text in lower case, without accents and control characters."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = (c for c in folded if unicodedata.category(c) not in {"Mn", "Cc", "Cs"})
    return "".join(kept).translate(_NOT_DECOMPOSED)


def words_of(*texts: str | None) -> set[str]:
    """Return what texts are found by: their words, whole, in parts, and without punctuation."""
    found: set[str] = set()
    for word in " ".join(normalised(text) for text in texts if text).split():
        parts = [part for part in _BETWEEN_PARTS.split(word) if part]
        found.update({word, *parts} | ({"".join(parts)} if "@" not in word else set()))
    return {word[:_LONGEST_WORD] for word in found if word}


def wanted(text: str) -> list[str]:
    """Return the words that somebody looks for; each is to begin some word of what is found."""
    return sorted({word[:_LONGEST_WORD] for word in normalised(text[:LONGEST]).split()})


def sort_name(family_name: str, given_name: str) -> str:
    """Return what a person is sorted by, byte by byte: the family name, then the given one."""
    return f"{normalised(family_name)}\x1f{normalised(given_name)}"


def lexeme(organization_id: str, word: str) -> str:
    """Return a word as it is indexed: beside those of its organisation, apart from all others."""
    return f"{organization_id}/{word}"


def query(organization_id: str, words: list[str]) -> str:
    """Return the tsquery for all of these words, each the beginning of one that is indexed."""
    return " & ".join(f"{_quoted(lexeme(organization_id, word))}:*" for word in words)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
