"""A mail of a chart that belongs to a place has that place's name, phone and logo."""

import base64
from email.message import EmailMessage

from contracts.chart import LocationChanged, LocationChangedData, Logo
from services.notification_service.models import State
from tests.event_log import EventLog
from tests.integration.notification_service.conftest import Center
from tests.integration.notification_service.mail_server import MailServer
from tests.integration.notification_service.queue import MailQueue

LOGO = Logo(
    media_type="image/png", content=base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"organization")
)
PLACES_LOGO = Logo(media_type="image/jpeg", content=base64.b64encode(b"\xff\xd8\xff" + b"harbor"))


async def has_place(
    center: Center,
    queue: MailQueue,
    name: str,
    phone: str | None = None,
    logo: Logo | None = None,
    *,
    removed: bool = False,
) -> None:
    """Tell the service of a place, and wait until it knows."""
    data = LocationChangedData(
        organization=center.id,
        location="harbor",
        name=name,
        phone=phone,
        logo=logo,
        removed=removed,
    )
    await center.events.publish(LocationChanged.of(data))
    await queue.wait_for_place(center.id, name, removed=removed)


async def mail_from(
    center: Center, mail_server: MailServer, person: str, location: str | None = "harbor"
) -> EmailMessage:
    """Invite a person whose chart belongs to a place; return the mail."""
    issued = center.invitation(person, location=location)
    await center.events.publish(issued)
    await center.hears_sent(issued.data.invitation_id)
    (mail,) = mail_server.to(center.address(person))
    return mail


def shown(mail: EmailMessage) -> tuple[str, str]:
    """Return a mail's subject and text."""
    text = mail.get_body(("plain",))
    assert text is not None
    return str(mail["Subject"]), str(text.get_content())


def logo_of(mail: EmailMessage) -> bytes:
    (image,) = (part for part in mail.walk() if part.get_content_maintype() == "image")
    return bytes(image.get_content())


async def test_a_mail_shows_its_place_and_the_organisation_where_the_place_says_nothing(
    center: Center, mail_server: MailServer, queue: MailQueue
) -> None:
    await center.opens("Sunrise", LOGO)
    await has_place(center, queue, "Harbor House")
    mail = await mail_from(center, mail_server, "ana")
    subject, text = shown(mail)
    assert subject.strip().endswith("Harbor House")
    assert "Sunrise" not in text
    assert "+1 202-555-0143" in text
    assert logo_of(mail) == LOGO.content
    elsewhere = await mail_from(center, mail_server, "ben", location="hill")
    assert "Sunrise invites you" in shown(elsewhere)[1]


async def test_a_places_own_phone_and_logo_go_before_and_a_change_shows_at_once(
    center: Center, mail_server: MailServer, queue: MailQueue
) -> None:
    await center.opens("Sunrise", LOGO)
    await has_place(center, queue, "Harbor House")
    await mail_from(center, mail_server, "ana")
    await has_place(center, queue, "Harbor Home", "+1 202-555-0199", PLACES_LOGO)
    mail = await mail_from(center, mail_server, "ben")
    _, text = shown(mail)
    assert "Harbor Home invites you" in text
    assert "+1 202-555-0199" in text
    assert logo_of(mail) == PLACES_LOGO.content


async def test_a_place_that_was_removed_shows_the_organisation(
    center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    await center.opens("Sunrise")
    await has_place(center, queue, "Harbor House")
    await has_place(center, queue, "Harbor House", removed=True)
    issued = center.invitation(location="harbor")
    reminder = center.reminder(issued)
    await events.publish(issued, reminder)
    await queue.wait_for(reminder.id, lambda mail: mail.state is State.SENT)
    for mail in mail_server.to(center.address("ana")):
        assert "Sunrise invites you" in shown(mail)[1]
