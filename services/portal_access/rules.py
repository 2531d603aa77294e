"""The portal's decisions, as plain functions on values."""

import re
from collections.abc import Collection
from datetime import timedelta

from contracts.scopes import Role

ACCEPTANCE_LIFE = timedelta(hours=1)
"""How long an invitee may take from opening the link to accepting."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,200}")

_SECTIONS = (
    ("Dashboard", "dashboard"),
    ("My Information", "information"),
    ("My Appointments", "appointments"),
    ("My Documents", "documents"),
    ("My Treatment Plans", "treatment_plans"),
    ("My Medications", "medications"),
    ("My Files", "files"),
    ("My Account", "account"),
    ("My Messages", "messages"),
)

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
    opened = {scope.partition(".")[0] for scope in scopes}
    return [label for label, section in _SECTIONS if section in opened]


def role_in_words(role: str) -> str:
    """Say to an account's holder what they are on a chart."""
    return _ROLE_WORDS[Role(role)]
