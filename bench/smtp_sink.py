"""A mail server that is fast because it keeps nothing but who got mail, and when."""

import asyncio
import time
from typing import cast

_REPLIES = {
    b"EHLO": b"250-sink\r\n250-8BITMIME\r\n250 PIPELINING\r\n",
    b"QUIT": b"221 bye\r\n",
    b"DATA": b"354 go on\r\n",
}
_LOOK_AGAIN_SECONDS = 0.02
_OK = b"250 ok\r\n"
_END = b"\r\n.\r\n"


class Sink:
    """What arrived: for each recipient the time (time.perf_counter) of each mail, in order."""

    def __init__(self) -> None:
        self.arrivals: dict[str, list[float]] = {}
        self.port = 0

    def note(self, recipient: str) -> None:
        """Remember a mail that was accepted just now."""
        self.arrivals.setdefault(recipient, []).append(time.perf_counter())

    async def wait_for(self, recipients: int, seconds: float) -> None:
        """Return when so many recipients have mail; the sink may run in another thread's loop.

        Raises:
            TimeoutError: they do not after so many seconds.
        """
        async with asyncio.timeout(seconds):
            while len(self.arrivals) < recipients:  # noqa: ASYNC110 - another thread's loop
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)


async def listen() -> Sink:
    """Listen on a free port of 127.0.0.1 for as long as the event loop runs."""
    sink = Sink()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(sink), "127.0.0.1", 0)
    sink.port = server.sockets[0].getsockname()[1]
    return sink


class _Connection(asyncio.Protocol):
    _transport: asyncio.Transport

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._buffer = b""
        self._in_data = False
        self._recipient = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is not a subclass
        self._transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._take_mail() if self._in_data else self._take_command():
            pass

    def _take_mail(self) -> bool:
        if not self._buffer.endswith(_END):
            return False
        self._buffer = b""
        self._in_data = False
        self._sink.note(self._recipient)
        self._transport.write(_OK)
        return False

    def _take_command(self) -> bool:
        line, found, rest = self._buffer.partition(b"\r\n")
        if not found:
            return False
        self._buffer = rest
        verb = line[:4].upper()
        if verb == b"RCPT":
            self._recipient = line.partition(b"<")[2].partition(b">")[0].decode()
        self._in_data = verb == b"DATA"
        self._transport.write(_REPLIES.get(verb, _OK))
        return True
