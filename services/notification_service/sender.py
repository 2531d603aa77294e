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

from chassis import telemetry
from chassis.database import Database, Transaction
from chassis.security.seal import Seal
from contracts.deliveries import (
    InvitationBounced,
    InvitationBouncedData,
    InvitationSent,
    InvitationSentData,
)
from contracts.envelope import utc_now
from services.notification_service import queries, rules
from services.notification_service.kinds import Kind
from services.notification_service.mail import Filling, PreparedMail
from services.notification_service.models import State
from services.notification_service.queries import DueMail
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

    sent: list[UUID] = field(default_factory=list)
    bounced: list[UUID] = field(default_factory=list)
    later: dict[UUID, datetime] = field(default_factory=dict)
    server_away: Exception | None = None


class Senders:
    """All senders of a service, what they share, and the bell that rings for new mails."""

    def __init__(self, database: Database, settings: Settings, bell: asyncio.Event) -> None:
        self._database = database
        self._settings = settings
        self._seal = Seal(settings.seal_key)
        self._prepared: dict[str, tuple[datetime, PreparedMail]] = {}
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
        outcome = Outcome()
        async with self._database.transaction() as tx:
            mails = await queries.lock_due(tx, self._settings.mails_per_transaction)
            await self._prepare_for(mails, tx)
            shares = [mails[start :: len(servers)] for start in range(len(servers))]
            await asyncio.gather(
                *(
                    self._send_all(share, server, outcome, tx)
                    for share, server in zip(shares, servers, strict=True)
                )
            )
            await queries.end(tx, outcome.sent, State.SENT)
            await queries.end(tx, outcome.bounced, State.BOUNCED)
            await queries.try_later(tx, outcome.later)
        if outcome.server_away:
            raise outcome.server_away
        return len(mails)

    async def _send_all(
        self, mails: list[DueMail], server: MailServer, outcome: Outcome, tx: Transaction
    ) -> None:
        for mail in mails:
            if self._stopping:
                break
            try:
                await self._send(mail, server, tx)
                outcome.sent.append(mail.invitation_id)
            except RefusedError as refused:
                self._note_refusal(mail, refused, outcome, tx)
            except InterruptedDeliveryError as error:
                _log.warning("mail interrupted", attempts=mail.attempts, exc=error)
                outcome.later[mail.invitation_id] = tx.now + rules.delay_after(mail.attempts)
            except (SMTPException, OSError) as error:
                outcome.server_away = error
                break
            except Exception as error:  # noqa: BLE001 - one odd mail must not hold up the others
                _log.error("mail cannot be made", invitation=str(mail.invitation_id), exc=error)
                outcome.later[mail.invitation_id] = tx.now + rules.delay_after(mail.attempts)

    async def _send(self, mail: DueMail, server: MailServer, tx: Transaction) -> None:
        _, prepared = self._prepared[mail.invitee.organization]
        sender = self._settings.mail_from
        message_id = f"<{mail.invitation_id}@{sender.partition('@')[2]}>"
        token = self._seal.open(mail.sealed_token, bound_to=mail.invitation_id)
        link = f"{self._settings.portal_url.rstrip('/')}/accept#{token}"
        recipient = rules.smtp_address(mail.email)
        filling = Filling(recipient, message_id, mail.given_name, link, mail.expires_at)
        await server.send(sender, recipient, prepared.fill(filling, utc_now()))
        data = InvitationSentData(
            invitee=mail.invitee,
            invitation_id=mail.invitation_id,
            role=mail.role,
            message_id=message_id,
            sent_at=utc_now(),
        )
        tx.publish(InvitationSent.of(data, traceparent=mail.traceparent))

    def _note_refusal(
        self, mail: DueMail, refused: RefusedError, outcome: Outcome, tx: Transaction
    ) -> None:
        if not refused.permanent:
            outcome.later[mail.invitation_id] = tx.now + rules.delay_after(mail.attempts)
            _log.warning("mail refused for now", code=refused.code, attempts=mail.attempts)
            return
        outcome.bounced.append(mail.invitation_id)
        data = InvitationBouncedData(
            invitee=mail.invitee,
            invitation_id=mail.invitation_id,
            role=mail.role,
            smtp_code=refused.code,
            message=rules.sentence_for(refused.code),
            bounced_at=utc_now(),
        )
        tx.publish(InvitationBounced.of(data, traceparent=mail.traceparent))

    async def _prepare_for(self, mails: list[DueMail], tx: Transaction) -> None:
        for organization, version in {
            m.invitee.organization: m.brand_version for m in mails
        }.items():
            known, _ = self._prepared.get(organization, (None, None))
            if known != version:
                brand = await queries.brand(tx, organization)
                prepared = PreparedMail(brand, Kind.INVITATION, self._settings.mail_from)
                self._prepared[organization] = (version, prepared)

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._bell.wait(), _POLL_SECONDS)
