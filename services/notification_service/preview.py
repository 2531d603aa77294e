"""Mails as they would be, made from settings that need not be saved yet."""

import base64
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from chassis.web.languages import marked
from contracts.envelope import utc_now
from services.notification_service.kinds import Kind
from services.notification_service.mail import LANGUAGES, LOGO_ID, Brand, Filling, PreparedMail
from services.notification_service.schemas import MailLook, MailToTry, Preview

_EXAMPLE_PATH = "/accept#this-is-an-example"
_NOBODY = "somebody@mail.example"


class Samples:
    """Makes mails exactly as the senders do, but with a link that opens nothing."""

    def __init__(self, mail_from: str, portal_url: str) -> None:
        self._mail_from = mail_from
        self._link = portal_url.rstrip("/") + _EXAMPLE_PATH

    def preview(self, look: MailLook) -> Preview:
        """Return what a mail program would show."""
        raw = self._prepared(look, "").fill(self._filling(look, _NOBODY, "<preview>"), utc_now())
        message = message_from_bytes(raw, policy=default)
        html = _body(message, "html")
        if look.logo:
            data = base64.b64encode(look.logo.content).decode()
            html = html.replace(f"cid:{LOGO_ID}", f"data:{look.logo.media_type};base64,{data}")
        subject = str(message["Subject"]).strip()  # a long one begins on a line of its own
        return Preview(subject=subject, html=html, text=_body(message, "plain"))

    def mail(self, look: MailToTry, message_id: str) -> bytes:
        """Return the whole message, whose subject says that it is a test."""
        filling = self._filling(look, look.to, message_id)
        return self._prepared(look, marked("Test: ")).fill(filling, utc_now())

    def _prepared(self, look: MailLook, subject_prefix: str) -> PreparedMail:
        media_type, logo = (look.logo.media_type, look.logo.content) if look.logo else (None, None)
        brand = Brand(look.name, look.phone, media_type, logo)
        language = LANGUAGES.nearest(look.language)
        return PreparedMail(brand, Kind(look.kind), self._mail_from, subject_prefix, language)

    def _filling(self, look: MailLook, to: str, message_id: str) -> Filling:
        expires_at = utc_now() + timedelta(days=look.invitation_days)
        return Filling(to, message_id, look.given_name, self._link, expires_at)


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())
