"""A session lives on the server: it ends when it says so, whatever the browser keeps."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from chassis.database import Database
from chassis.security.tokens import hash_of
from chassis.web import sessions


async def signed_in(database: Database, subject: str) -> str:
    async with database.transaction() as tx:
        return await sessions.begin(tx, subject)


async def subject_of(database: Database, token: str | None) -> str | None:
    async with database.transaction() as tx:
        return await sessions.subject_of(tx, token)


async def let_pass(database: Database, token: str, column: str, time: timedelta) -> None:
    """Make a session older."""
    async with database.transaction() as tx:
        await tx.connection.execute(
            text(
                f"UPDATE sessions SET {column} = {column} - CAST(:time AS interval) "  # noqa: S608 - ours
                "WHERE token_hash = :hash"
            ),
            {"time": time, "hash": hash_of(token)},
        )


@pytest.fixture
def subject() -> str:
    return f"account-{uuid4()}"


async def test_whoever_signed_in_is_known_by_the_token(database: Database, subject: str) -> None:
    token = await signed_in(database, subject)
    assert await subject_of(database, token) == subject
    assert await subject_of(database, token) == subject


@pytest.mark.parametrize("token", [None, "", "nonsense", "é"])
async def test_nobody_is_known_by_another_token(database: Database, token: str | None) -> None:
    assert await subject_of(database, token) is None


async def test_the_database_does_not_hold_the_token(database: Database, subject: str) -> None:
    token = await signed_in(database, subject)
    async with database.engine.connect() as connection:
        rows = await connection.execute(text("SELECT * FROM sessions"))
        assert token not in str([tuple(row) for row in rows])


async def test_signing_out_ends_this_session_and_no_other(database: Database, subject: str) -> None:
    ended, other = await signed_in(database, subject), await signed_in(database, subject)
    async with database.transaction() as tx:
        await sessions.end(tx, ended)
    assert await subject_of(database, ended) is None
    assert await subject_of(database, other) == subject


@pytest.mark.parametrize(
    ("column", "limit"), [("seen_at", sessions.IDLE), ("created_at", sessions.LIFE)]
)
async def test_a_session_ends_when_it_is_idle_or_old(
    database: Database, subject: str, column: str, limit: timedelta
) -> None:
    token = await signed_in(database, subject)
    await let_pass(database, token, column, limit - timedelta(minutes=1))
    assert await subject_of(database, token) == subject
    await let_pass(database, token, column, limit)
    assert await subject_of(database, token) is None


async def test_each_visit_keeps_a_session_from_being_idle(database: Database, subject: str) -> None:
    token = await signed_in(database, subject)
    for _ in range(3):
        await let_pass(database, token, "seen_at", sessions.IDLE - timedelta(minutes=1))
        assert await subject_of(database, token) == subject


async def test_ended_sessions_are_forgotten_and_others_kept(
    database: Database, subject: str
) -> None:
    old, idle, kept = [await signed_in(database, subject) for _ in range(3)]
    await let_pass(database, old, "created_at", sessions.LIFE)
    await let_pass(database, idle, "seen_at", sessions.IDLE)
    async with database.transaction() as tx:
        await sessions.forget_ended(tx)
    query = text("SELECT token_hash FROM sessions WHERE subject = :subject")
    async with database.engine.connect() as connection:
        rows = await connection.execute(query, {"subject": subject})
        assert list(rows.scalars()) == [hash_of(kept)]
