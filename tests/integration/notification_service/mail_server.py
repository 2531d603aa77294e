"""A real mail server in the test process that refuses, drops and is away as a test says."""

import asyncio
from collections import Counter, defaultdict
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from devstack.ports import HOST, free_port


class MailServer:
    """Takes every mail unless told otherwise; its port stays the same when it is away."""

    def __init__(self) -> None:
        self.port = free_port()
        self._mails: defaultdict[str, list[EmailMessage]] = defaultdict(list)
        self.attempts: Counter[str] = Counter()
        self._connections: set[asyncio.Transport] = set()
        self._stale: set[asyncio.Transport] = set()
        self._controller: Controller | None = None
        self.obey()

    def obey(self) -> None:
        """Take every mail from now on."""
        self.reply_to_all: str | None = None
        self.replies_to_recipients: dict[str, str] = {}
        self.replies_to_mails: dict[str, str] = {}
        self.drops_after_taking: set[str] = set()
        self.hangs_up_on: set[str] = set()
        self.seconds_per_mail = 0.0

    def start(self) -> None:
        """Listen, unless it does already."""
        if self._controller is None:
            self._controller = Controller(_Session(self), hostname=HOST, port=self.port)
            self._controller.start()

    def stop(self) -> None:
        """Go away, and drop all connections."""
        if self._controller is not None:
            self._run_in_server(self._close(self._controller))
            self._controller.stop()
            self._controller = None

    def hang_up(self) -> None:
        """Drop all connections, and stay."""
        self._run_in_server(self._drop_all())

    def let_connections_go_stale(self) -> None:
        """Drop each of the connections there are, but only when its next mail begins."""
        self._stale = self._connections.copy()

    def is_stale(self, transport: asyncio.Transport) -> bool:
        """Tell whether a connection is to be dropped with its next mail."""
        return transport in self._stale

    def to(self, address: str) -> list[EmailMessage]:
        """Return the mails that were taken for an address."""
        return self._mails[address]

    def take(self, address: str, content: bytes) -> None:
        """Keep a mail for an address."""
        self._mails[address].append(message_from_bytes(content, policy=default))

    def connected(self, transport: asyncio.Transport) -> None:
        """Remember a connection, for the time when it is to be dropped."""
        self._connections.add(transport)

    def _run_in_server(self, work: Any) -> None:
        assert self._controller is not None
        asyncio.run_coroutine_threadsafe(work, self._controller.loop).result(5)

    async def _close(self, controller: Controller) -> None:
        assert controller.server is not None
        controller.server.close()
        await self._drop_all()

    async def _drop_all(self) -> None:
        for transport in self._connections:
            transport.abort()
        self._connections.clear()


class _Session:
    """What the server answers to each command; aiosmtpd names its methods."""

    def __init__(self, script: MailServer) -> None:
        self._script = script

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, _envelope: Envelope, name: str, replies: list[str]
    ) -> list[str]:
        session.host_name = name
        self._script.connected(_transport_of(server))
        return replies

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self._script.is_stale(_transport_of(server)):
            _transport_of(server).abort()
        if self._script.reply_to_all:
            return self._script.reply_to_all
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        self._script.attempts[address] += 1
        if address in self._script.hangs_up_on:
            asyncio.get_running_loop().call_soon(_transport_of(server).close)
        if reply := self._script.replies_to_recipients.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        (address,) = envelope.rcpt_tos
        await asyncio.sleep(self._script.seconds_per_mail)
        if reply := self._script.replies_to_mails.get(address):
            return reply
        assert isinstance(envelope.content, bytes)
        self._script.take(address, envelope.content)
        if address in self._script.drops_after_taking:
            self._script.drops_after_taking.remove(address)
            _transport_of(server).abort()
        return "250 OK"


def _transport_of(server: SMTP) -> asyncio.Transport:
    assert isinstance(server.transport, asyncio.Transport)
    return server.transport
