"""A connection to the mail server that is kept open and opened again when it was lost."""

from aiosmtplib import SMTP, SMTPDataError, SMTPException, SMTPServerDisconnected

from services.notification_service import rules

_SUCCESS_CLASS = 2


class RefusedError(Exception):
    """The mail server did not take one mail; its reply says whether it ever will.

    `reply` is what it said; it may quote an address, so it is for no log.
    """

    def __init__(self, code: int, reply: str, *, permanent: bool) -> None:
        super().__init__(f"reply {code}")
        self.code = code
        self.reply = reply
        self.permanent = permanent


class InterruptedDeliveryError(Exception):
    """The connection broke during one mail: nobody knows whether the server has it."""


class MailServer:
    """One kept-open connection."""

    def __init__(
        self, address: tuple[str, int], timeout_seconds: float, data_timeout_seconds: float
    ) -> None:
        host, port = address
        self._data_timeout_seconds = data_timeout_seconds
        self._client = SMTP(
            hostname=host, port=port, timeout=timeout_seconds, start_tls=False, use_tls=False
        )

    async def send(self, sender: str, recipient: str, message: bytes) -> None:
        """Hand over one mail; when this returns, the server is responsible (RFC 5321 6.1).

        Raises:
            RefusedError: the server answered, and does not take this mail (now, or ever).
            InterruptedDeliveryError: the connection broke after the mail was begun.
            SMTPException, OSError: the server is away, and this mail was not even begun.
        """
        await self._begin(sender)
        try:
            await self._command(b"RCPT", f"TO:<{recipient}>")
            await self._client.data(message, timeout=self._data_timeout_seconds)
        except RefusedError:
            await self._reset()
            raise
        except SMTPDataError as error:
            # Refused at the command itself, the mail's sender and recipient would still stand.
            await self._reset()
            permanent = rules.is_permanent(error.code, error.message)
            raise RefusedError(error.code, error.message, permanent=permanent) from error
        except (SMTPException, OSError) as error:
            self.close()
            raise InterruptedDeliveryError(type(error).__name__) from error

    async def open(self) -> None:
        """Connect, unless connected already.

        Raises:
            SMTPException, OSError: the server is away.
        """
        if not self._client.is_connected:
            await self._client.connect()
            await self._client.ehlo()

    def close(self) -> None:
        """Drop the connection; the next mail opens a new one."""
        self._client.close()

    async def _begin(self, sender: str) -> None:
        was_open = self._client.is_connected
        await self.open()
        try:
            await self._command(b"MAIL", f"FROM:<{sender}>")
        except SMTPServerDisconnected:
            # A server may close an idle connection at any time (RFC 5321 3.8).
            if not was_open:
                raise
            await self.open()
            await self._command(b"MAIL", f"FROM:<{sender}>")

    async def _command(self, verb: bytes, argument: str) -> None:
        # sendmail() would parse both addresses twice; they are normalised already.
        reply = await self._client.execute_command(verb, argument.encode("ascii"))
        if reply.code // 100 != _SUCCESS_CLASS:
            permanent = verb == b"RCPT" and rules.is_permanent(reply.code, reply.message)
            raise RefusedError(reply.code, reply.message, permanent=permanent)

    async def _reset(self) -> None:
        try:
            await self._client.rset()
        except (SMTPException, OSError):
            self.close()  # it hung up after its refusal, which stands all the same
