"""Codes of an authenticator app, recovery codes, and what a passkey's answer says of itself."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from services.portal_access import passkey_answers
from services.portal_access.authenticators import picture_of, step_of
from services.portal_access.recovery_codes import new_codes

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""That of RFC 6238's test vectors."""
NOW = datetime(2026, 3, 2, 9, 30, 5, tzinfo=UTC)


def code_of(moment: datetime) -> str:
    return pyotp.TOTP(SECRET).at(moment)


def test_it_is_the_code_of_the_standard() -> None:
    moment = datetime.fromtimestamp(59, tz=UTC)
    assert step_of(SECRET, "287082", moment) == 1


def test_a_code_of_now_or_just_before_is_right() -> None:
    now, before = (step_of(SECRET, code_of(NOW - timedelta(seconds=s)), NOW) for s in (0, 30))
    assert now is not None
    assert before == now - 1


@pytest.mark.parametrize("seconds", [-30, 60, 3600])
def test_a_code_of_another_time_is_wrong(seconds: int) -> None:
    assert step_of(SECRET, code_of(NOW - timedelta(seconds=seconds)), NOW) is None


@pytest.mark.parametrize("code", ["", "12345", "\N{FULLWIDTH DIGIT ONE}23456", "a" * 100, "\0"])
def test_nonsense_is_no_code(code: str) -> None:
    assert step_of(SECRET, code, NOW) is None


def test_the_picture_needs_nothing_from_elsewhere() -> None:
    assert picture_of("otpauth://totp/x").startswith("data:image/svg+xml")


def test_recovery_codes_are_ten_different_ones() -> None:
    codes = new_codes()
    assert [code[0] for code in codes] == list("0123456789")
    assert len({code[1:] for code in codes}) == 10
    assert all(len(code) == 14 for code in codes)


@pytest.mark.parametrize(
    "credential", ["", "null", "[]", "{}", '{"rawId": 1}', '{"rawId": "x"}', "[" * 10_000]
)
def test_what_is_no_credential_is_read_as_none(credential: str) -> None:
    assert passkey_answers.read(credential) is None
