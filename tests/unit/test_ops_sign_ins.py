"""Who may look at the console, and for how long."""

import asyncio

import pytest

from chassis.security.passwords import hash_now
from services.ops_console.sign_ins import MOST_TRIES, SignIns

OPS, PASSWORD = "ops", "green hills of spring"


@pytest.fixture
def sign_ins() -> SignIns:
    return SignIns({OPS: hash_now(PASSWORD)})


async def test_the_right_password_lets_in_and_no_other(sign_ins: SignIns) -> None:
    assert await sign_ins.check(OPS, PASSWORD)
    assert await sign_ins.check(OPS, "wrong") is False
    assert await sign_ins.check("nobody", PASSWORD) is False


async def test_guessing_is_slowed_down(sign_ins: SignIns) -> None:
    for _ in range(MOST_TRIES):
        assert await sign_ins.check(OPS, "wrong") is False
    assert await sign_ins.check(OPS, PASSWORD) is None


async def test_right_passwords_are_never_too_many(sign_ins: SignIns) -> None:
    for _ in range(MOST_TRIES + 5):
        assert await sign_ins.check(OPS, PASSWORD)


async def test_two_who_sign_in_by_one_name_at_a_time_are_both_let_in(sign_ins: SignIns) -> None:
    both = await asyncio.gather(*(sign_ins.check(OPS, PASSWORD) for _ in range(2)))
    assert both == [True, True]


def test_a_session_is_known_by_its_token_until_it_ends(sign_ins: SignIns) -> None:
    token = sign_ins.begin(OPS)
    assert sign_ins.user_of(token) == OPS
    assert [sign_ins.user_of(other) for other in (None, "", token[:-1])] == [None, None, None]
    sign_ins.end(token)
    assert sign_ins.user_of(token) is None
