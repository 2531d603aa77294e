"""Hearing from PostgreSQL what other instances committed (LISTEN), for who waits for it.

One connection serves a whole process, however many wait.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chassis.database import Database

_ALIVE_SECONDS = 15.0


class Listener:
    """Wakes who waits for a key as soon as a notification on the channel names it.

    A notification's payload is keys with spaces between them. What was said while PostgreSQL was
    away is not said again: everybody is woken when it is back.
    """

    def __init__(self, database: Database, channel: str) -> None:
        self._database = database
        self._channel = channel
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self.listening = asyncio.Event()
        """Set while the connection stands."""

    async def run(self) -> None:
        """Listen until the connection is lost; the service begins again then.

        Raises:
            ConnectionError: PostgreSQL went away.
            SQLAlchemyError: PostgreSQL could not be reached.
        """
        async with self._database.engine.connect() as connection:
            pooled = await connection.get_raw_connection()
            try:
                await self._listen(pooled.driver_connection)
            finally:
                self.listening.clear()
                await connection.invalidate()  # a connection that listens is nobody else's

    @contextmanager
    def waiting_for(self, key: str) -> Iterator[asyncio.Event]:
        """Give an event that is set whenever there may be news of the key; clear it yourself."""
        woken = asyncio.Event()
        self._waiting[key].add(woken)
        try:
            yield woken
        finally:
            self._waiting[key].discard(woken)
            if not self._waiting[key]:
                del self._waiting[key]

    def wake_all(self) -> None:
        """Wake everybody, for instance to let them go."""
        for woken in [each for some in self._waiting.values() for each in some]:
            woken.set()

    async def _listen(self, connection: Any) -> None:
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _connection: lost.set())
        await connection.add_listener(self._channel, self._wake)
        self.listening.set()
        self.wake_all()
        while not lost.is_set():
            try:
                async with asyncio.timeout(_ALIVE_SECONDS):
                    await lost.wait()
            except TimeoutError:
                await connection.execute("SELECT pg_listening_channels()", timeout=_ALIVE_SECONDS)
        raise ConnectionError("the listening connection was lost")

    def _wake(self, _connection: Any, _pid: int, _channel: str, payload: str) -> None:
        for key in payload.split(" "):
            for woken in self._waiting.get(key, ()):
                woken.set()
