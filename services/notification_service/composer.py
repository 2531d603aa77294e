"""Makes mails: each brand's mail of a kind is prepared once per language, then filled in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.database import Transaction
from chassis.security.seal import Seal
from contracts.envelope import utc_now
from services.notification_service import kinds, queries, rules
from services.notification_service.kinds import INVITES, Kind
from services.notification_service.mail import LANGUAGES, Filling, PreparedMail
from services.notification_service.queries.due import DueMail
from services.notification_service.settings import Settings

_MOST_PREPARED = 500
"""Prepared mails that are kept, for a logo in each takes memory; the oldest make room."""

_Key = tuple[str, str | None, Kind, str]
_Version = tuple[datetime, datetime | None]
Prepared = dict[UUID, PreparedMail]
"""By a mail's id, what it is filled into."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail as it goes to the mail server."""

    recipient: str
    message_id: str
    raw: bytes


class Composer:
    """Knows the seals, the sender and the brands; shared by all senders of a service."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seal = Seal(settings.seal_key)
        self._notice_seal = Seal(settings.notice_seal_key)
        self._prepared: dict[_Key, tuple[_Version, PreparedMail]] = {}

    async def prepare(self, mails: Sequence[DueMail], tx: Transaction) -> Prepared:
        """Return what each of these mails is filled into, by the brands as they are now."""
        found = {mail.id: await self._prepared_for(mail, tx) for mail in mails}
        while len(self._prepared) > _MOST_PREPARED:
            del self._prepared[next(iter(self._prepared))]
        return found

    def compose(self, mail: DueMail, prepared: PreparedMail) -> Outgoing:
        """Fill a mail in.

        Raises:
            ValueError: its token is missing or was sealed elsewhere, or its address is none.
        """
        recipient = rules.smtp_address(mail.email)
        message_id = self._message_id(mail)
        url = self._settings.portal_url
        language = LANGUAGES.nearest(mail.language) if mail.language else None
        link = kinds.link(mail.kind, url, mail.organization, self._token(mail), language)
        filling = Filling(recipient, message_id, mail.given_name, link, mail.expires_at)
        return Outgoing(recipient, message_id, prepared.fill(filling, utc_now()))

    async def _prepared_for(self, mail: DueMail, tx: Transaction) -> PreparedMail:
        language = LANGUAGES.nearest(mail.language)
        key = mail.organization, mail.location, mail.kind, language
        version, prepared = self._prepared.get(key, (None, None))
        if prepared is None or version != mail.brand_version:
            brand = await queries.brands.brand(tx, mail.organization, mail.location)
            sender = self._settings.mail_from
            prepared = PreparedMail(brand, mail.kind, sender, language=language)
            self._prepared[key] = (mail.brand_version, prepared)
        return prepared

    def _message_id(self, mail: DueMail) -> str:
        """Return the same id whenever the mail is sent: who gets it twice sees one."""
        domain = self._settings.mail_from.partition("@")[2]
        if mail.kind is Kind.REMINDER and mail.invitation:
            return f"<{mail.invitation.id}.reminder@{domain}>"
        return f"<{mail.id}@{domain}>"

    def _token(self, mail: DueMail) -> str | None:
        if mail.sealed_token is None:
            return None
        if mail.kind in INVITES and mail.invitation:
            return self._seal.open(mail.sealed_token, bound_to=mail.invitation.id)
        return self._notice_seal.open(mail.sealed_token, bound_to=mail.id)
