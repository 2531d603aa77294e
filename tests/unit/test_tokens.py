"""A token is long, random, fit for a link, and the database keeps only its hash."""

import hashlib
import re

from chassis.security.tokens import hash_of, new_token


def test_a_token_has_256_bits_and_may_stand_in_a_link() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", new_token())


def test_no_two_tokens_are_the_same() -> None:
    assert len({new_token() for _ in range(1000)}) == 1000


def test_the_hash_is_sha_256() -> None:
    token = new_token()
    assert hash_of(token) == hashlib.sha256(token.encode()).digest()


def test_any_text_has_a_hash() -> None:
    assert len({hash_of(text) for text in ("", "é", "\x00", "x" * 200)}) == 4
