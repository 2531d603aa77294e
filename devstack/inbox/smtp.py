"""The SMTP side: takes every mail from anyone on this machine."""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session

from devstack.inbox.mail import Mail
from devstack.inbox.mailbox import Mailbox

LARGEST_MAIL = 32 * 1024 * 1024


class Receiver:
    """Puts each mail into the mailbox before it is acknowledged."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(  # noqa: N802 - aiosmtpd looks for this name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail, then say so."""
        content = envelope.original_content or b""
        mail = Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), content)
        self._mailbox.add(mail)
        return f"250 Ok: queued as {mail.id}"


async def serve_smtp(mailbox: Mailbox, host: str, port: int) -> asyncio.Server:
    """Start to listen for SMTP and return the server.

    Raises:
        OSError: The port is taken.
    """
    receiver = Receiver(mailbox)

    def connection() -> SMTP:
        # With a host name given, aiosmtpd asks no resolver for one at each connection.
        return SMTP(
            receiver, data_size_limit=LARGEST_MAIL, enable_SMTPUTF8=True, hostname="portico-inbox"
        )

    return await asyncio.get_running_loop().create_server(connection, host, port)
