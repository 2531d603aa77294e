"""The mail: a MIME text (RFC 2045) prepared once per brand, filled in per invitee.

What differs from mail to mail stands in the templates as a token. Preparing splits the MIME text
at the tokens; filling joins the pieces with the quoted-printable values between them.
"""

import re
from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notification_service.queries import Brand

_TOKENS = re.compile(rb"@@([A-Z]+)@@")
_LOGO_ID = "logo@portico"

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Filling:
    """What differs from mail to mail."""

    to: str
    message_id: str
    given_name: str
    link: str
    expires_at: datetime


class PreparedMail:
    """One organisation's invitation mail, ready to be filled in."""

    def __init__(self, brand: Brand, mail_from: str) -> None:
        pieces = _TOKENS.split(_message(brand, mail_from).as_bytes())
        self._fixed = pieces[0::2]
        self._names = [name.decode() for name in pieces[1::2]]

    def fill(self, filling: Filling, now: datetime) -> bytes:
        """Return the whole message for one invitee, with CRLF line ends."""
        values = {
            "NAME": _quoted_printable(filling.given_name),
            "NAMEHTML": _quoted_printable(escape(filling.given_name)),
            "LINK": _quoted_printable(filling.link),
            "EXPIRES": _quoted_printable(f"{filling.expires_at:%A, %-d %B %Y}"),
        }
        parts = [_headers(filling, now), self._fixed[0]]
        for name, fixed in zip(self._names, self._fixed[1:], strict=True):
            parts += (values[name], fixed)
        return b"".join(parts)


def _message(brand: Brand, mail_from: str) -> EmailMessage:
    values = {"brand": brand, "logo_id": _LOGO_ID if brand.logo else None}
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(brand.name, addr_spec=mail_from)
    message["Subject"] = f"Your invitation to the patient portal of {brand.name}"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        _templates.get_template("invitation.txt").render(values), cte="quoted-printable"
    )
    message.add_alternative(
        _templates.get_template("invitation.html").render(values),
        subtype="html",
        cte="quoted-printable",
    )
    if brand.logo and brand.logo_media_type:
        _, html = message.iter_parts()
        main, _, sub = brand.logo_media_type.partition("/")
        assert isinstance(html, EmailMessage)
        html.add_related(
            brand.logo, main, sub, cid=f"<{_LOGO_ID}>", disposition="inline", filename=f"logo.{sub}"
        )
    return message


def _headers(filling: Filling, now: datetime) -> bytes:
    lines = (
        f"To: {filling.to}",
        f"Date: {format_datetime(now)}",
        f"Message-ID: {filling.message_id}",
        "",
    )
    return "\r\n".join(lines).encode("ascii")


def _quoted_printable(value: str) -> bytes:
    """Encode a value between soft line breaks, so that no line gets too long wherever it stands."""
    encoded = b2a_qp(" ".join(value.split()).encode(), istext=False).replace(b"=\n", b"=\r\n")
    return b"=\r\n" + encoded + b"=\r\n"
