"""Who of the ops people is signed in. In memory: whoever restarts the console signs in again."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.security import passwords
from chassis.security.tokens import hash_of, new_token
from chassis.web.sessions import IDLE, LIFE
from contracts.envelope import utc_now

WINDOW = timedelta(minutes=15)
MOST_TRIES = 10
"""Per name in a window; it is never for ever."""


@dataclass(slots=True)
class _Session:
    name: str
    begun_at: datetime
    seen_at: datetime


class SignIns:
    """The users, their sessions, and tries to guess a password."""

    def __init__(self, users: Mapping[str, str]) -> None:
        self._users = dict(users)
        self._sessions: dict[bytes, _Session] = {}
        self._tries: dict[bytes, deque[datetime]] = {}
        """By a hash: of names that are tried none is kept, and none takes much memory."""
        # argon2id takes 64 MiB each time; the console is to stay small whoever tries how often.
        self._one_by_one = asyncio.Lock()

    async def check(self, name: str, password: str) -> bool | None:
        """Tell whether these go together; None after too many tries. It takes as long for nobody.

        A try counts from its start, so that many at once get no further than one by one.
        """
        now, key = utc_now(), hash_of(name)
        self._forget_ended(now)
        tries = self._tries.setdefault(key, deque(maxlen=MOST_TRIES + 1))
        tries.append(now)
        if len(tries) > MOST_TRIES and tries[0] > now - WINDOW:
            return None
        async with self._one_by_one:
            matches = await passwords.matches(password, self._users.get(name))
        if matches:
            self._tries.pop(key, None)
        return matches

    def is_user(self, name: str) -> bool:
        """Tell whether anybody signs in by this name."""
        return name in self._users

    def begin(self, name: str) -> str:
        """Begin a session; return its token."""
        token, now = new_token(), utc_now()
        self._sessions[hash_of(token)] = _Session(name, now, now)
        return token

    def user_of(self, token: str | None, *, is_visit: bool = True) -> str | None:
        """Return whose session a token is of, None when it is over; a stream is no visit."""
        session = self._sessions.get(hash_of(token or ""))
        if session is None or _is_over(session, utc_now()):
            return None
        if is_visit:
            session.seen_at = utc_now()
        return session.name

    def end(self, token: str | None) -> None:
        """End a session."""
        self._sessions.pop(hash_of(token or ""), None)

    def _forget_ended(self, now: datetime) -> None:
        for name in [name for name, one in self._sessions.items() if _is_over(one, now)]:
            del self._sessions[name]
        for key in [key for key, tries in self._tries.items() if tries[-1] < now - WINDOW]:
            del self._tries[key]


def _is_over(session: _Session, now: datetime) -> bool:
    return session.begun_at < now - LIFE or session.seen_at < now - IDLE
