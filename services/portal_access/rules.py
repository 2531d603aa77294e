"""The portal's decisions, as plain functions on values."""

import re
from collections.abc import Collection
from datetime import timedelta

from contracts.scopes import Role

ACCEPTANCE_LIFE = timedelta(hours=1)
"""How long an invitee may take from opening the link to accepting."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,200}")

_SECTIONS: tuple[tuple[str, frozenset[str]], ...] = (
    ("Dashboard", frozenset({"dashboard"})),
    ("My Information", frozenset({"information"})),
    ("My Appointments", frozenset({"appointments"})),
    (
        "My Documents",
        frozenset({"documents.evaluations", "documents.consents", "documents.outcomes"}),
    ),
    ("My Treatment Plans", frozenset({"treatment_plans"})),
    ("My Medications", frozenset({"medications"})),
    ("My Files", frozenset({"files.upload"})),
    ("My Account", frozenset({"account"})),
    # My Messages is left out: it shows only where messages are on, and nobody can turn them on yet.
)
"""Each section of the role table that is shown, and the scopes of which any opens it."""

_ROLE_WORDS = {
    Role.PATIENT: "This is your own chart",
    Role.GUARDIAN: "You are the guardian",
    Role.GUARANTOR: "You are the guarantor",
}


def email_key(email: str) -> str:
    """Return what makes two spellings of an address one; what no address holds is left out."""
    return "".join(filter(str.isprintable, email)).strip().lower()


def token_in(code: str) -> str | None:
    """Return the token in what an invitee pasted, be it the code or the whole link."""
    token = code.strip().rpartition("#")[2]
    return token if _TOKEN.fullmatch(token) else None


def sections_of(scopes: Collection[str]) -> list[str]:
    """Return the labels of the sections that these scopes open, in the role table's order."""
    return [label for label, openers in _SECTIONS if openers.intersection(scopes)]


def role_in_words(role: str) -> str:
    """Say to an account's holder what they are on a chart."""
    return _ROLE_WORDS[Role(role)]
