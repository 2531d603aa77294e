"""Server-side sessions: the cookie holds a random token, the database its hash."""

from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import text

from chassis.database import Transaction
from chassis.security.tokens import hash_of, new_token

LIFE = timedelta(hours=12)
IDLE = timedelta(hours=2)

DDL = """
CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY,
    subject text NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
)
"""
INDEX_DDL = "CREATE INDEX sessions_subject ON sessions (subject)"

_ADD = text("INSERT INTO sessions VALUES (:token_hash, :subject, :now, :now)")
_SEE = text("""
    UPDATE sessions SET seen_at = :now
    WHERE token_hash = :token_hash AND created_at > :begun_after AND seen_at > :seen_after
    RETURNING subject
""")
_LIVE = text("""
    SELECT subject FROM sessions
    WHERE token_hash = :token_hash AND created_at > :begun_after AND seen_at > :seen_after
""")
_END = text("DELETE FROM sessions WHERE token_hash = :token_hash")
_END_ALL = text("DELETE FROM sessions WHERE subject = :subject AND token_hash <> :kept")
_FORGET = text("DELETE FROM sessions WHERE created_at <= :begun_after OR seen_at <= :seen_after")


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """The cookie that carries a session's token; services on one host need names of their own."""

    name: str
    secure: bool

    def set(self, response: Response, token: str) -> None:
        """Hand the token to the browser, out of reach of scripts and other sites."""
        response.set_cookie(self.name, token, httponly=True, samesite="lax", secure=self.secure)

    def token(self, request: Request) -> str | None:
        """Return the token that the browser sent."""
        return request.cookies.get(self.name)

    def clear(self, response: Response) -> None:
        """Take the token back from the browser."""
        response.delete_cookie(self.name, httponly=True, samesite="lax", secure=self.secure)


async def begin(tx: Transaction, subject: str) -> str:
    """Begin a session of an account or staff member; return its token."""
    token = new_token()
    values = {"token_hash": hash_of(token), "subject": subject, "now": tx.now}
    await tx.connection.execute(_ADD, values)
    return token


async def subject_of(tx: Transaction, token: str | None) -> str | None:
    """Return whose session this is; None when it is unknown, too old, or idle for too long."""
    if not token:
        return None
    values = {"token_hash": hash_of(token), "now": tx.now} | _limits(tx)
    found = await tx.connection.execute(_SEE, values)
    subject: str | None = found.scalar_one_or_none()
    return subject


async def subject_unseen(tx: Transaction, token: str | None) -> str | None:
    """Return whose session this is, without counting as a visit what no person did."""
    values = {"token_hash": hash_of(token or ""), **_limits(tx)}
    subject: str | None = (await tx.connection.execute(_LIVE, values)).scalar_one_or_none()
    return subject


async def end(tx: Transaction, token: str) -> None:
    """End a session at once."""
    await tx.connection.execute(_END, {"token_hash": hash_of(token)})


async def end_all(tx: Transaction, subject: str, kept: str | None = None) -> None:
    """End the sessions of an account or staff member at once, all but the one with this token."""
    await tx.connection.execute(_END_ALL, {"subject": subject, "kept": hash_of(kept or "")})


async def forget_ended(tx: Transaction) -> None:
    """Drop the sessions that are over."""
    await tx.connection.execute(_FORGET, _limits(tx))


def _limits(tx: Transaction) -> dict[str, object]:
    return {"begun_after": tx.now - LIFE, "seen_after": tx.now - IDLE}
