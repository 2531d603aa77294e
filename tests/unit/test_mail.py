"""The invitation's mail, read back as a mail program would."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from html import unescape
from html.parser import HTMLParser
from typing import cast

import pytest

from services.notification_service.kinds import Kind
from services.notification_service.mail import Brand, Filling, PreparedMail

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LOGO = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
BRAND = Brand("Sunrise Recovery Center", "+1 202-555-0143", None, None)
LINK = "https://portal.example/accept#kZ3_q-x0aBcDeFgHiJkLmNoPqRsTuVwXyZ012345678"
FILLING = Filling(
    to="ana@sunrise.example",
    message_id="<0b9d3f5e@portico.example>",
    given_name="Ana",
    link=LINK,
    expires_at=datetime(2026, 3, 9, 9, 30, tzinfo=UTC),
)

NAMES = [
    "Ana",
    "Ángela Łucja Nguyễn",
    "李小龍",
    "<b>Ana</b> & 'Co' \"x\"",
    "A=3D@@LINK@@ {{ brand.name }}",
    ".",
    "a" * 100,
    "é" * 100,
    "\U0001f33b" * 100,
    "Ana Maria " * 10,
]
BRAND_NAMES = [
    "Sunrise Recovery Center",
    'Rosa\'s "House", Inc. <info@other.example>',
    "<script>alert(1)</script> & Söhne",
    "Clínica Ñandú",
    "日の出回復センター" * 13,
    "W" * 120,
    "Haus " * 24,
    "@@link@@ @@NAME@@ @@OTHER@@",
    "Sunrise\u2028Bcc: eve@other.example",
    "Sunrise\x85Center",
]


class _Page(HTMLParser):
    """An HTML body's text, links and images."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.links: list[str] = []
        self.images: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        if tag == "a":
            self.links.append(found["href"] or "")
        if tag == "img":
            self.images.append(found["src"] or "")

    def handle_data(self, data: str) -> None:
        self.text += data


def raw(brand: Brand = BRAND, filling: Filling = FILLING) -> bytes:
    return PreparedMail(brand, Kind.INVITATION, "no-reply@portico.example").fill(filling, NOW)


def parsed(brand: Brand = BRAND, filling: Filling = FILLING) -> EmailMessage:
    return message_from_bytes(raw(brand, filling), policy=default)


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return cast(str, part.get_content())


def page_of(message: EmailMessage) -> _Page:
    part = message.get_body(("html",))
    assert part is not None
    return _Page(part.get_content())


def name_in(mail: bytes) -> str:
    """Return the sender's name; the newer parser puts a space into long names of its own."""
    name, _ = parseaddr(message_from_bytes(mail)["From"])
    return str(make_header(decode_header(name)))


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_the_headers_say_who_writes_to_whom_and_why() -> None:
    message = parsed()
    assert message["From"] == "Sunrise Recovery Center <no-reply@portico.example>"
    assert message["To"] == "ana@sunrise.example"
    assert message["Subject"] == (
        "Your invitation to the patient portal of Sunrise Recovery Center"
    )
    assert message["Message-ID"] == "<0b9d3f5e@portico.example>"
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert not message.defects


@pytest.mark.parametrize("header", ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version"])
@pytest.mark.parametrize("name", BRAND_NAMES)
def test_each_header_stands_there_once(name: str, header: str) -> None:
    assert len(parsed(replace(BRAND, name=name)).get_all(header, [])) == 1


@pytest.mark.parametrize("name", NAMES)
def test_the_greeting_has_the_name_in_both_bodies(name: str) -> None:
    message = parsed(filling=replace(FILLING, given_name=name))
    shown = one_line(name)
    assert f"Hello {shown}," in one_line(text_of(message))
    assert f"Hello {shown}," in one_line(page_of(message).text)


@pytest.mark.parametrize("name", NAMES)
def test_no_name_becomes_markup(name: str) -> None:
    message = parsed(filling=replace(FILLING, given_name=name))
    assert page_of(message).tags == page_of(parsed()).tags


def test_a_name_with_line_ends_adds_no_line() -> None:
    message = parsed(filling=replace(FILLING, given_name="Ana\r\n\r\nBcc: eve@other.example\r\n."))
    assert "Hello Ana Bcc: eve@other.example .," in text_of(message)
    assert message["Bcc"] is None


@pytest.mark.parametrize("name", [*NAMES, *("n" * length for length in range(60, 90))])
def test_the_link_is_whole_in_both_bodies(name: str) -> None:
    message = parsed(filling=replace(FILLING, given_name=name))
    assert LINK in text_of(message).split()
    assert LINK in page_of(message).links


def test_the_link_is_whole_wherever_its_lines_break() -> None:
    for length in range(1, 160):
        link = f"https://{'h' * length}.example/accept#{'t' * 43}"
        message = parsed(filling=replace(FILLING, link=link))
        assert link in text_of(message).split()
        assert link in page_of(message).links


def test_both_bodies_say_until_when() -> None:
    message = parsed()
    assert "until Monday, March 9, 2026." in one_line(text_of(message))
    assert "until Monday, March 9, 2026." in one_line(page_of(message).text)


def test_the_day_is_that_of_the_organisations_time_zone() -> None:
    filling = replace(FILLING, expires_at=datetime(2026, 3, 9, 3, 0, tzinfo=UTC))
    message = parsed(replace(BRAND, time_zone="America/Los_Angeles"), filling)
    assert "until Sunday, March 8, 2026." in one_line(text_of(message))


@pytest.mark.parametrize("name", BRAND_NAMES)
def test_the_brand_is_named_in_header_and_bodies(name: str) -> None:
    message = parsed(replace(BRAND, name=name))
    shown = one_line(name)
    assert name_in(raw(replace(BRAND, name=name))) == shown
    assert message["From"].addresses[0].addr_spec == "no-reply@portico.example"
    assert one_line(message["Subject"]).endswith(shown)
    assert f"{shown} invites you" in one_line(text_of(message))
    assert f"{shown} invites you" in one_line(page_of(message).text)
    assert message["Bcc"] is None


@pytest.mark.parametrize("name", BRAND_NAMES)
def test_no_brand_name_becomes_markup(name: str) -> None:
    message = parsed(replace(BRAND, name=name))
    assert page_of(message).tags == page_of(parsed()).tags


def test_the_phone_can_be_called_from_the_mail() -> None:
    message = parsed()
    assert "+1 202-555-0143" in text_of(message)
    assert "tel:+1202-555-0143" in page_of(message).links


def test_a_phone_with_markup_is_escaped() -> None:
    page = page_of(parsed(replace(BRAND, phone='1" onclick="x()" <b>')))
    assert page.tags == page_of(parsed()).tags
    assert '1" onclick="x()" <b>' in page.text


def test_without_a_logo_there_is_no_picture() -> None:
    message = parsed()
    assert message.get_content_type() == "multipart/alternative"
    assert page_of(message).images == []


@pytest.mark.parametrize("media_type", ["image/png", "image/jpeg"])
def test_the_logo_is_in_the_mail_itself(media_type: str) -> None:
    message = parsed(replace(BRAND, logo=LOGO, logo_media_type=media_type))
    (image,) = [part for part in message.walk() if part.get_content_maintype() == "image"]
    assert image.get_content_type() == media_type
    assert image.get_payload(decode=True) == LOGO
    assert image.get_content_disposition() == "inline"
    content_id = image["Content-ID"].strip("<>")
    assert page_of(message).images == [f"cid:{content_id}"]


@pytest.mark.parametrize("logo", [None, LOGO])
@pytest.mark.parametrize("name", [*NAMES, *("n" * length for length in range(60, 90))])
def test_no_line_is_longer_than_mail_allows(name: str, logo: bytes | None) -> None:
    brand = replace(BRAND, name="é" * 120, logo=logo, logo_media_type="image/png" if logo else None)
    mail = raw(brand, replace(FILLING, given_name=name, to=f"{'a' * 64}@{'b' * 180}.example"))
    header, _, body = mail.partition(b"\r\n\r\n")
    assert max(map(len, header.split(b"\r\n"))) <= 998
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", mail)
    assert mail.isascii()


def test_the_mail_holds_nothing_that_it_was_not_given() -> None:
    message = parsed()
    words = one_line(unescape(page_of(message).text)).casefold()
    assert not [word for word in ("treatment", "diagnosis", "guardian", "chart") if word in words]


def test_somebody_without_a_given_name_is_greeted_all_the_same() -> None:
    mail = parsed(filling=replace(FILLING, given_name=" "))
    assert text_of(mail).startswith("Hello there,")
