"""The senders: loops over the due mails, each with a few connections of its own.

A sender locks due mails, shares them among its connections, and commits what became of them
together with the events. If it is killed in between, its locks are gone and the mails are due
again, with the same Message-ID. While the mail server is away the mails stay as they are.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from aiosmtplib import SMTPException

from chassis import spans, telemetry
from chassis.database import Database, Transaction
from contracts.envelope import utc_now
from services.notification_service import metrics, news, queries, rules
from services.notification_service.composer import Composer, Prepared
from services.notification_service.models import State
from services.notification_service.queries.due import DueMail
from services.notification_service.settings import Settings
from services.notification_service.smtp import InterruptedDeliveryError, MailServer, RefusedError

_log = telemetry.logger("sender")
_POLL_SECONDS = 0.5
_STOP_SECONDS = 5.0


def mail_server(settings: Settings) -> MailServer:
    """Return a connection to the mail server of the settings, not yet open."""
    return MailServer(
        settings.smtp_address, settings.smtp_timeout_seconds, settings.smtp_data_timeout_seconds
    )


@dataclass
class Outcome:
    """What became of a batch of mails."""

    sent: dict[UUID, datetime] = field(default_factory=dict)
    """By when the mail server took each."""
    bounced: list[UUID] = field(default_factory=list)
    later: dict[UUID, datetime] = field(default_factory=dict)
    server_away: Exception | None = None

    async def save(self, tx: Transaction) -> None:
        """Write it into the queue."""
        await queries.due.end(tx, list(self.sent), State.SENT)
        await queries.due.end(tx, self.bounced, State.BOUNCED)
        await queries.due.try_later(tx, self.later)


@dataclass(frozen=True)
class Batch:
    """Mails that were locked together, and what their sending needs and leaves behind."""

    mails: list[DueMail]
    prepared: Prepared
    outcome: Outcome
    tx: Transaction

    def share(self, number: int, of: int) -> list[DueMail]:
        """Return the mails of one of so many connections."""
        return self.mails[number::of]


class Senders:
    """All senders of a service, what they share, and the bell that rings for new mails."""

    def __init__(self, database: Database, settings: Settings, bell: asyncio.Event) -> None:
        self._database = database
        self._settings = settings
        self._composer = Composer(settings)
        self._bell = bell
        self._stopping = False

    async def run_one(self) -> None:
        """Send for ever, over connections that are kept open.

        Raises:
            SMTPException, OSError: the mail server is away.
        """
        servers = [
            mail_server(self._settings) for _ in range(self._settings.connections_per_sender)
        ]
        try:
            while True:
                # A server that is away is found out before any mail is locked.
                await servers[0].open()
                self._bell.clear()
                if await self._uninterrupted(servers) == 0:
                    await self._wait()
        finally:
            for server in servers:
                server.close()

    async def _uninterrupted(self, servers: list[MailServer]) -> int:
        """Send a batch; when the service stops meanwhile, commit what was sent, then stop."""
        batch = asyncio.create_task(self.send_batch(servers))
        try:
            return await asyncio.shield(batch)
        except asyncio.CancelledError:
            self._stopping = True
            await asyncio.wait([batch], timeout=_STOP_SECONDS)
            batch.cancel()
            raise

    async def send_batch(self, servers: list[MailServer]) -> int:
        """Send the next due mails over these connections and return how many they were.

        Raises:
            SMTPException, OSError: the mail server is away; what it took before is committed.
        """
        async with self._database.transaction() as tx:
            mails = await queries.due.lock_due(tx, self._settings.mails_per_transaction)
            batch = Batch(mails, await self._composer.prepare(mails, tx), Outcome(), tx)
            await asyncio.gather(
                *(
                    self._send_all(batch.share(number, len(servers)), server, batch)
                    for number, server in enumerate(servers)
                )
            )
            await batch.outcome.save(tx)
        metrics.count(mails, batch.outcome.sent, batch.outcome.bounced)
        if batch.outcome.server_away:
            raise batch.outcome.server_away
        return len(mails)

    async def _send_all(self, mails: list[DueMail], server: MailServer, batch: Batch) -> None:
        for mail in mails:
            if self._stopping:
                break
            telemetry.continue_trace(mail.traceparent)
            try:
                await self._send(mail, server, batch)
            except RefusedError as refused:
                _note_refusal(mail, refused, batch)
            except InterruptedDeliveryError as error:
                _log.warning("mail interrupted", attempts=mail.attempts, exc=error)
                _try_later(mail, "interrupted", batch)
            except (SMTPException, OSError) as error:
                batch.outcome.server_away = error
                break
            except Exception as error:  # noqa: BLE001 - one odd mail must not hold up the others
                _log.error("mail cannot be made", mail=str(mail.id), exc=error)
                _note_failure(mail, batch)

    async def _send(self, mail: DueMail, server: MailServer, batch: Batch) -> None:
        outgoing = self._composer.compose(mail, batch.prepared[mail.id])
        with spans.calling("send mail"):
            await server.send(self._settings.mail_from, outgoing.recipient, outgoing.raw)
        taken_at = utc_now()
        for event in news.sent(mail, outgoing.message_id):
            batch.tx.publish(event)
        batch.outcome.sent[mail.id] = taken_at
        _log.debug("mail sent", kind=mail.kind, mail=str(mail.id))

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_POLL_SECONDS):
                await self._bell.wait()


def _note_refusal(mail: DueMail, refused: RefusedError, batch: Batch) -> None:
    if refused.permanent:
        _log.warning("mail refused for good", code=refused.code, kind=mail.kind, mail=str(mail.id))
        _give_up(mail, refused.code, rules.sentence_for(refused.code), batch)
    else:
        _log.warning("mail refused for now", code=refused.code, attempts=mail.attempts)
        _try_later(mail, "refused", batch)


def _note_failure(mail: DueMail, batch: Batch) -> None:
    if mail.attempts < rules.MOST_TRIES_TO_MAKE:
        _try_later(mail, "not_made", batch)
    else:
        _give_up(mail, rules.FAILED, rules.CANNOT_BE_MADE, batch)


def _try_later(mail: DueMail, reason: str, batch: Batch) -> None:
    metrics.RETRIES.labels(reason=reason).inc()
    batch.outcome.later[mail.id] = batch.tx.now + rules.delay_after(mail.attempts)


def _give_up(mail: DueMail, smtp_code: int, sentence: str, batch: Batch) -> None:
    batch.outcome.bounced.append(mail.id)
    for event in news.bounced(mail, smtp_code, sentence):
        batch.tx.publish(event)
