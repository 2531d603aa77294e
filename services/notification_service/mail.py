"""The mails: a MIME text (RFC 2045) prepared once per brand and kind, filled in per recipient.

What differs from mail to mail stands in the templates as a token. Preparing splits the MIME text
at the tokens; filling joins the pieces with the quoted-printable values between them.
"""

import re
import secrets
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

from chassis.web import languages, zones
from chassis.web.languages import Languages, gettext, marked
from services.notification_service.kinds import SUBJECTS, Kind

LOGO_ID = "logo@portico"
# Other in each process, so that no brand can hold a token by its own words.
_NONCE = secrets.token_hex(4)
_TOKENS = {name: f"@@{name}-{_NONCE}@@" for name in ("name", "name_html", "link", "expires")}
_TOKEN = re.compile(rf"@@(\w+)-{_NONCE}@@".encode())
_NOBODY_IN_PARTICULAR = marked("there")
# The policy's own 78 are for headers; a line of quoted-printable has 76 (RFC 2045 6.7).
_POLICY = SMTP.clone(max_line_length=76)

_HERE = Path(__file__).parent

LANGUAGES = Languages(_HERE / "translations")
"""The languages that mails are written in."""

_templates = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
_templates.install_gettext_callables(  # type: ignore[attr-defined] # the extension's
    gettext, languages.ngettext, newstyle=True
)


@dataclass(frozen=True, slots=True)
class Brand:
    """Who writes: the name, phone and logo of an organisation, or of one of its places."""

    name: str
    phone: str
    logo_media_type: str | None
    logo: bytes | None
    time_zone: str = zones.DEFAULT


@dataclass(frozen=True, slots=True)
class Filling:
    """What differs from mail to mail; a kind without a link or an end leaves them unused."""

    to: str
    message_id: str
    given_name: str
    link: str
    expires_at: datetime | None


class PreparedMail:
    """One brand's mail of one kind in one language, ready to be filled in."""

    def __init__(
        self,
        brand: Brand,
        kind: Kind,
        mail_from: str,
        subject_prefix: str = "",
        language: str = languages.DEFAULT,
    ) -> None:
        self._language, self._time_zone = language, brand.time_zone
        with LANGUAGES.speaking(language):
            message = _message(brand, kind, mail_from, subject_prefix)
        pieces = _TOKEN.split(message.as_bytes())
        self._fixed = pieces[0::2]
        self._names = [name.decode() for name in pieces[1::2]]

    def fill(self, filling: Filling, now: datetime) -> bytes:
        """Return the whole message for one recipient, with CRLF line ends."""
        with LANGUAGES.speaking(self._language), zones.using(self._time_zone):
            name = filling.given_name.strip() or gettext(_NOBODY_IN_PARTICULAR)
            until = _until(filling.expires_at)
        values = {
            "name": _quoted_printable(name),
            "name_html": _quoted_printable(escape(name)),
            "link": _quoted_printable(filling.link),
            "expires": _quoted_printable(until),
        }
        parts = [_headers(filling, now), self._fixed[0]]
        for name, fixed in zip(self._names, self._fixed[1:], strict=True):
            parts += (values[name], fixed)
        return b"".join(parts)


def _message(brand: Brand, kind: Kind, mail_from: str, subject_prefix: str) -> EmailMessage:
    name = _one_line(brand.name)
    values = {
        "subject": gettext(subject_prefix) + gettext(SUBJECTS[kind]).format(name=name),
        "name": name,
        "phone": _one_line(brand.phone),
        "logo_id": LOGO_ID if brand.logo else None,
        "token": _TOKENS,
        "language": languages.language(),
    }
    text, html = (
        _templates.get_template(f"{kind}.{end}").render(values) for end in ("txt", "html")
    )
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(name, addr_spec=mail_from)
    message["Subject"] = values["subject"]
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    _add_logo(message, brand)
    return message


def _add_logo(message: EmailMessage, brand: Brand) -> None:
    if brand.logo and brand.logo_media_type:
        _, html = message.iter_parts()
        main, _, sub = brand.logo_media_type.partition("/")
        assert isinstance(html, EmailMessage)
        html.add_related(
            brand.logo, main, sub, cid=f"<{LOGO_ID}>", disposition="inline", filename=f"logo.{sub}"
        )


def _headers(filling: Filling, now: datetime) -> bytes:
    lines = (
        f"To: {filling.to}",
        f"Date: {format_datetime(now)}",
        f"Message-ID: {filling.message_id}",
        "",
    )
    return "\r\n".join(lines).encode("ascii")


def _until(expires_at: datetime | None) -> str:
    if expires_at is None:
        return gettext("for a short time only")
    return gettext("until {day}").format(day=languages.weekday(expires_at))


def _quoted_printable(value: str) -> bytes:
    """Encode a value between soft line breaks, so that no line gets too long wherever it stands."""
    # Encoded with a character more, the last line has room for the "=" of its soft break.
    encoded = b2a_qp(f"{_one_line(value)}|".encode(), istext=False)[:-1]
    return b"=\r\n" + encoded.replace(b"=\n", b"=\r\n") + b"=\r\n"


def _one_line(value: str) -> str:
    """Join lines; Unicode has line ends of its own, which no header may hold."""
    return " ".join(value.split())
