"""Passwords: argon2id, and none that everybody tries first (OWASP ASVS 5.0, 6.2)."""

import asyncio
import re
from collections.abc import Collection
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

from chassis.web.languages import gettext

MIN_LENGTH = 8
MAX_LENGTH = 256

OUR_WORDS = frozenset({"portico", "portal", "patient", "health", "password"})
"""What everybody would try here, besides the names (OWASP ASVS 5.0, 6.1.2)."""
_SHORTEST_WORD = 4

COST = RFC_9106_LOW_MEMORY
"""argon2id over 64 MiB three times, in four lanes (RFC 9106, 4)."""

_hasher = PasswordHasher.from_parameters(COST)


@cache
def _common_passwords() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415 - slow, seldom needed

    return frozenset(FREQUENCY_LISTS["passwords"])


@cache
def _hash_of_nobody() -> str:
    return _hasher.hash("no account has this password")


def problem_with(password: str, *names: str) -> str | None:
    """Return a sentence on why a password cannot be chosen, None when it can.

    The names are those that others try first: the organisation's, the person's address. Their
    words do not count towards the length.
    """
    if len(password) < MIN_LENGTH:
        return gettext("Enter a password with at least {} characters").format(MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        return gettext("Enter a password with at most {} characters").format(MAX_LENGTH)
    if password.lower() in _common_passwords():
        return gettext("Choose a password that is harder to guess: this one is very common")
    if _is_mostly_a_name(password.lower(), _words_in(names)):
        return gettext("Choose a password that is harder to guess: this one is mostly a known name")
    return None


def _words_in(names: Collection[str]) -> set[str]:
    found = {word for name in names for word in re.findall(r"\w+", name.lower())}
    return {word for word in found | OUR_WORDS if len(word) >= _SHORTEST_WORD}


def _is_mostly_a_name(password: str, words: Collection[str]) -> bool:
    rest = password
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != password and len("".join(filter(str.isalnum, rest))) < MIN_LENGTH


def hash_now(password: str) -> str:
    """Return the argon2id hash; it takes tens of milliseconds."""
    return _hasher.hash(password)


async def hash_password(password: str) -> str:
    """Return the same, from a thread."""
    return await asyncio.to_thread(hash_now, password)


async def matches(password: str, password_hash: str | None) -> bool:
    """Check a password; without a hash (nobody has that name) it takes as long and fails."""

    def verify() -> bool:
        try:
            _hasher.verify(password_hash or _hash_of_nobody(), password)
        except VerifyMismatchError:
            return False
        return password_hash is not None

    return await asyncio.to_thread(verify)
