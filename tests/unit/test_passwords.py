"""Which passwords may be chosen, and how they are checked."""

import pytest

from chassis.security.passwords import COST, hash_password, matches, problem_with


@pytest.mark.parametrize(
    "password",
    ["correct horse battery", "zwölf Boxkämpfer", "x7#kQp2!", "🌻🌼🌷🌻🌼🌷🌻🌼", "q" * 256],
)
def test_a_long_and_uncommon_password_may_be_chosen(password: str) -> None:
    assert problem_with(password) is None


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "at least 8"),
        ("x7#kQp2", "at least 8"),
        ("q" * 257, "at most 256"),
        ("password", "very common"),
        ("PassWord", "very common"),
        ("12345678", "very common"),
        ("iloveyou", "very common"),
        ("sunshine", "very common"),
    ],
)
def test_any_other_is_refused_with_what_to_do(password: str, words: str) -> None:
    problem = problem_with(password)
    assert problem is not None
    assert words in problem


@pytest.mark.parametrize(
    "password", ["Sunrise2026", "sunrise-recovery", "Portico12345", "ana.lopez.1990", "my password"]
)
def test_names_that_others_know_do_not_count(password: str) -> None:
    problem = problem_with(password, "Sunrise Recovery Center", "ana.lopez@mail.example")
    assert problem is not None
    assert "mostly a known name" in problem
    assert problem_with("sunrise over green hills", "Sunrise Recovery Center") is None


def test_a_stolen_hash_is_dear_to_guess() -> None:
    assert COST.memory_cost >= 64 * 1024  # KiB
    assert COST.time_cost >= 3


async def test_only_the_right_password_matches() -> None:
    kept = await hash_password("correct horse battery")
    assert kept.startswith("$argon2id$")
    assert await matches("correct horse battery", kept)
    assert not await matches("Correct horse battery", kept)


async def test_the_same_password_is_never_hashed_the_same() -> None:
    assert await hash_password("correct horse battery") != await hash_password(
        "correct horse battery"
    )


@pytest.mark.parametrize("password", ["", "no account has this password", "anything"])
async def test_nobody_has_no_password(password: str) -> None:
    assert not await matches(password, None)
