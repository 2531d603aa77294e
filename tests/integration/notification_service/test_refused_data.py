"""A mail refused before its first byte leaves the connection fit for the next one."""

from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP

from devstack.ports import HOST, free_port
from services.notification_service.smtp import MailServer, RefusedError

SENDER, MAIL = "no-reply@portico.example", b"Subject: An invitation\r\n\r\nHello\r\n"


class _RefusesAtData(SMTP):
    """Refuses the DATA command for one recipient, and keeps the transaction open, as many do."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        assert self.envelope is not None
        if "ana@sunrise.example" in self.envelope.rcpt_tos:
            await self.push("451 4.7.1 come back later")
        else:
            await super().smtp_DATA(arg)


class _RefusingServer(Controller):
    def factory(self) -> SMTP:
        return _RefusesAtData(self.handler)


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A connection to such a mail server."""
    running = _RefusingServer(Sink(), hostname=HOST, port=free_port())
    running.start()
    connection = MailServer((HOST, running.port), timeout_seconds=5, data_timeout_seconds=5)
    yield connection
    connection.close()
    running.stop()


async def test_after_a_refusal_at_data_the_next_mail_goes_on_the_same_connection(
    server: MailServer,
) -> None:
    with pytest.raises(RefusedError) as refused:
        await server.send(SENDER, "ana@sunrise.example", MAIL)
    assert refused.value.code == 451
    assert not refused.value.permanent
    await server.send(SENDER, "ben@sunrise.example", MAIL)
