"""The mail shows the organisation as it is when the mail is sent."""

import base64
from email.headerregistry import AddressHeader
from email.message import EmailMessage

from contracts.chart import Logo
from services.notification_service.models import State
from tests.event_log import EventLog
from tests.integration.notification_service.conftest import A_SECRET, PORTAL, Center
from tests.integration.notification_service.mail_server import MailServer
from tests.integration.notification_service.queue import MailQueue

LOGO = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


async def test_a_mail_greets_its_invitee_and_holds_the_link(
    center: Center, mail_server: MailServer
) -> None:
    await center.opens("Sunrise")
    await center.hears_sent(await center.invites("ana"))
    (mail,) = mail_server.to(center.address("ana"))
    link = f"{PORTAL}/accept#{A_SECRET}"
    assert "Hello Ana," in _body(mail, "plain")
    assert link in _body(mail, "plain").splitlines()
    assert f'href="{link}"' in _body(mail, "html")


async def test_a_name_with_accents_and_markup_arrives_as_it_is_written(
    center: Center, mail_server: MailServer
) -> None:
    name = 'Clínica "Ñandú" <b>& Söhne</b>'
    await center.opens(name)
    await center.hears_sent(await center.invites("ana"))
    (mail,) = mail_server.to(center.address("ana"))
    sender = mail["From"]
    assert isinstance(sender, AddressHeader)
    assert sender.addresses[0].display_name == name
    assert str(mail["Subject"]) == f"Your invitation to the patient portal of {name}"
    assert name in _body(mail, "plain")
    assert "&lt;b&gt;&amp; Söhne&lt;/b&gt;" in _body(mail, "html")
    assert "<b>" not in _body(mail, "html")


async def test_a_changed_brand_shows_in_the_next_mail(
    center: Center, mail_server: MailServer, queue: MailQueue
) -> None:
    await center.opens("Sunrise")
    await center.hears_sent(await center.invites("ana"))
    png = Logo(media_type="image/png", content=base64.b64encode(LOGO))
    await center.opens("Sunset", png)
    await queue.wait_for_brand(center.id, "Sunset")
    await center.hears_sent(await center.invites("ben"))
    (before,), (after,) = (mail_server.to(center.address(person)) for person in ("ana", "ben"))
    assert "Sunrise invites you" in _body(before, "plain")
    assert "Sunset invites you" in _body(after, "plain")
    assert "Sunrise" not in after.as_string()
    (logo,) = (part for part in after.walk() if part.get_content_type() == "image/png")
    assert logo.get_content() == LOGO


async def test_a_mail_waits_for_news_of_its_organisation(
    center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    early = await center.invites("ana")
    await queue.wait_for(early)
    other = Center(events)
    await other.opens("Other")
    await other.hears_sent(await other.invites("ben"))
    waiting = await queue.wait_for(early)
    assert (waiting.state, waiting.attempts) == (State.QUEUED, 0)
    await center.opens("Sunrise")
    await center.hears_sent(early)
    (mail,) = mail_server.to(center.address("ana"))
    assert "Sunrise invites you" in _body(mail, "plain")
