"""Portal users are told things by mail, none of which is of their health."""

from datetime import timedelta
from email.message import EmailMessage
from uuid import uuid4

import pytest

from chassis.security.seal import Seal
from contracts.access import NoticeKind, NoticeRequested, NoticeRequestedData
from contracts.deliveries import InvitationBounced
from contracts.envelope import utc_now
from services.notification_service.models import State
from tests.event_log import EventLog
from tests.integration.notification_service.conftest import (
    A_SECRET,
    NOTICE_SEAL_KEY,
    PORTAL,
    SEAL_KEY,
    Center,
)
from tests.integration.notification_service.mail_server import MailServer
from tests.integration.notification_service.queue import MailQueue

PAGES = {
    NoticeKind.VERIFY_EMAIL: "verify-email",
    NoticeKind.RESET_PASSWORD: "reset-password",
}
WITHOUT_TOKEN = [kind for kind in NoticeKind if kind not in PAGES]


def notice(
    center: Center, kind: NoticeKind, seal_key: str = NOTICE_SEAL_KEY, hours: float = 24
) -> NoticeRequested:
    """Make the news that Ana is to be told something."""
    data = NoticeRequestedData(
        organization=center.id,
        recipient=str(uuid4()),
        kind=kind,
        email=center.address("ana"),
        given_name="Ana",
    )
    event = NoticeRequested.of(data)
    if kind not in PAGES:
        return event
    token = Seal(seal_key).close(A_SECRET, bound_to=event.id)
    more = {"sealed_token": token, "expires_at": utc_now() + timedelta(hours=hours)}
    return event.model_copy(update={"data": data.model_copy(update=more)})


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize("kind", WITHOUT_TOKEN)
async def test_a_notice_has_the_brand_and_says_what_happened(
    kind: NoticeKind, center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    asked = notice(center, kind)
    await center.opens("Sunrise")
    await events.publish(asked)
    await queue.wait_for(asked.id, lambda mail: mail.state is State.SENT)
    (mail,) = mail_server.to(center.address("ana"))
    assert mail["Message-ID"] == f"<{asked.id}@portico.example>"
    assert "Sunrise" in mail["Subject"]
    text = text_of(mail)
    assert text.startswith("Hello Ana,")
    assert "+1 202-555-0143" in text
    assert not [word for word in ("treatment", "diagnosis", "patient is") if word in text]
    assert (f"{PORTAL}/{center.id}/sign-in" in text) is (kind is NoticeKind.MESSAGE_WAITING)


@pytest.mark.parametrize(("kind", "page"), PAGES.items())
async def test_a_notice_with_a_link_has_one_of_its_own(
    kind: NoticeKind,
    page: str,
    center: Center,
    events: EventLog,
    mail_server: MailServer,
    queue: MailQueue,
) -> None:
    asked = notice(center, kind)
    await center.opens()
    await events.publish(asked, asked)
    sent = await queue.wait_for(asked.id, lambda mail: mail.state is State.SENT)
    assert sent.sealed_token is None
    (mail,) = mail_server.to(center.address("ana"))
    assert f"{PORTAL}/{page}#{A_SECRET}" in text_of(mail).splitlines()


async def test_a_link_sealed_for_invitations_opens_no_notice(
    center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    asked = notice(center, NoticeKind.VERIFY_EMAIL, seal_key=SEAL_KEY)
    await center.opens()
    await events.publish(asked)
    odd = await queue.wait_for(asked.id, lambda mail: mail.attempts > 0)
    assert odd.state is State.QUEUED
    assert not mail_server.to(center.address("ana"))


async def test_a_notice_that_comes_too_late_is_not_sent(
    center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    late = notice(center, NoticeKind.VERIFY_EMAIL, hours=-0.01)
    await center.opens()
    await events.publish(late)
    await queue.wait_for(late.id)
    await center.hears_sent(await center.invites("ben"))
    assert not mail_server.to(center.address("ana"))


async def test_a_notice_that_is_refused_for_good_is_dropped(
    center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    mail_server.replies_to_recipients[center.address("ana")] = "550 5.1.1 gone"
    asked = notice(center, NoticeKind.ACCESS_ENDED)
    await center.opens()
    await events.publish(asked)
    await queue.wait_for(asked.id, lambda mail: mail.state is State.BOUNCED)
    assert not events.of(InvitationBounced, lambda e: e.data.invitee.organization == center.id)
