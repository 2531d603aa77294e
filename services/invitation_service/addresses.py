"""Addresses: which a mail can reach, and when two spellings are one."""

import re
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

# Any domain is asked of the library once; of a local part like this it has nothing to say.
_PLAIN_LOCAL_PART = re.compile(r"[A-Za-z0-9_-]+([.+][A-Za-z0-9_-]+)*")
_LONGEST_LOCAL_PART = 64
_LONGEST_ADDRESS = 254


def deliverable(address: str) -> str | None:
    """Return the normalised address, None when it is none (RFC 5321 4.1.2, without SMTPUTF8).

    Whether a mailbox is there shows when the mail is sent; `.test` domains bounce then.
    """
    local, at, domain = address.rpartition("@")
    short = len(local) <= _LONGEST_LOCAL_PART and len(address) <= _LONGEST_ADDRESS
    if at and short and _PLAIN_LOCAL_PART.fullmatch(local):
        known = _deliverable_by_library(f"a@{domain}")
        return known and local + known[1:]
    return _deliverable_by_library(address)


@lru_cache(maxsize=10_000)
def _deliverable_by_library(address: str) -> str | None:
    try:
        found = validate_email(
            address, check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError:
        return None
    return found.normalized


def key_of(email: str) -> str:
    """Return what makes two spellings of an address one: case does not matter in practice."""
    return email.lower()
