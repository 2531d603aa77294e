"""One mail as it arrived, and what can be read from it.

Receiving costs no parsing: each view is made when somebody first asks for it.
"""

import base64
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.headerregistry import BaseHeader, HeaderRegistry
from email.message import EmailMessage, MIMEPart
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime
from functools import cached_property
from typing import cast

SNIPPET_LENGTH = 250
STRUCTURED = HeaderRegistry()
UNSTRUCTURED = HeaderRegistry(use_default_map=False)


def _header(name: str, value: str) -> BaseHeader:
    """Parse a header, and take one that breaks its grammar (and Python's parser) as plain text."""
    try:
        return STRUCTURED(name, value)
    except (MessageError, IndexError, AttributeError, TypeError, ValueError):
        return UNSTRUCTURED(name, value)


LENIENT = policy.default.clone(header_factory=_header)
HEADER_PARSER = BytesHeaderParser(policy=LENIENT)


@dataclass(frozen=True)
class Address:
    """A mail address with its display name, which may be empty."""

    name: str
    address: str


@dataclass(frozen=True)
class Part:
    """One attachment or inline file of a mail."""

    number: str
    file_name: str
    content_type: str
    content_id: str
    inline: bool
    content: bytes

    @property
    def data_url(self) -> str:
        """The content as a data: URL, so that a page shows it without a request."""
        return f"data:{self.content_type};base64,{base64.b64encode(self.content).decode()}"


def _new_id() -> str:
    return secrets.token_hex(11)


@dataclass(frozen=True, eq=False)
class Mail:
    """A mail as SMTP delivered it.

    Args:
        sender: The address of MAIL FROM.
        recipients: The addresses of RCPT TO.
        raw: The mail itself, header and body.
    """

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    id: str = field(default_factory=_new_id)
    received: datetime = field(default_factory=lambda: datetime.now(UTC))
    _addresses: dict[str, list[Address]] = field(default_factory=dict, init=False)

    @cached_property
    def headers(self) -> EmailMessage:
        """The header alone."""
        return HEADER_PARSER.parsebytes(self.raw)

    @cached_property
    def message(self) -> EmailMessage:
        """The whole mail, parsed."""
        return message_from_bytes(self.raw, policy=LENIENT)

    @cached_property
    def subject(self) -> str:
        """The subject, empty when there is none."""
        return str(self.headers.get("Subject", ""))

    @cached_property
    def message_id(self) -> str:
        """The Message-ID without its angle brackets."""
        return str(self.headers.get("Message-ID", "")).strip().strip("<>")

    @property
    def date(self) -> datetime:
        """The Date header, or when the mail came if that is missing or unreadable."""
        try:
            return parsedate_to_datetime(str(self.headers["Date"]))
        except (TypeError, ValueError):
            return self.received

    def addresses(self, header: str) -> list[Address]:
        """Return the addresses of a header such as To."""
        if header not in self._addresses:
            values = [str(value) for value in self.headers.get_all(header, [])]
            self._addresses[header] = [Address(*each) for each in getaddresses(values) if each[1]]
        return self._addresses[header]

    @property
    def author(self) -> Address:
        """The first of From, or the address of MAIL FROM if that names nobody."""
        return next(iter(self.addresses("From")), Address("", self.sender))

    @property
    def blind_recipients(self) -> list[Address]:
        """Those of RCPT TO whom the header does not name."""
        named = {entry.address.lower() for entry in (*self.addresses("To"), *self.addresses("Cc"))}
        return [Address("", address) for address in self.recipients if address.lower() not in named]

    @cached_property
    def text(self) -> str:
        """The plain text version, empty when there is none."""
        return self._body("plain")

    @cached_property
    def html(self) -> str:
        """The HTML version, empty when there is none."""
        return self._body("html")

    @property
    def html_with_images(self) -> str:
        """The HTML version in which inline images need no request."""
        html = self.html
        for part in self.parts:
            if part.content_id:
                html = html.replace(f"cid:{part.content_id}", part.data_url)
        return html

    @property
    def snippet(self) -> str:
        """The beginning of the text on one line."""
        return " ".join(self.text.split())[:SNIPPET_LENGTH]

    @cached_property
    def parts(self) -> list[Part]:
        """Attachments and inline files, numbered by their place in the mail."""
        body = {self.message.get_body((kind,)) for kind in ("plain", "html")}
        return [
            _part(str(number), part)
            for number, part in enumerate(self.message.walk())
            if not part.is_multipart() and part not in body
        ]

    @cached_property
    def searchable(self) -> str:
        """What plain words are looked for in, in lower case."""
        people = [f"{key} {self.headers.get(key, '')}" for key in ("From", "To", "Cc", "Reply-To")]
        return " ".join([*people, self.subject, self.message_id, self.text]).lower()

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return _decoded(part) if part is not None else ""


def _decoded(part: MIMEPart) -> str:
    try:
        return str(part.get_content())
    except LookupError:  # a character set that Python does not know
        return cast(bytes, part.get_payload(decode=True)).decode("utf-8", "replace")


def _part(number: str, part: EmailMessage) -> Part:
    return Part(
        number=number,
        file_name=part.get_filename() or "",
        content_type=part.get_content_type(),
        content_id=str(part.get("Content-ID", "")).strip().strip("<>"),
        inline=part.get_content_disposition() == "inline" or "Content-ID" in part,
        content=cast(bytes | None, part.get_payload(decode=True)) or b"",
    )
