"""Mails are in the language that their reader is said to read."""

import pytest

from contracts.access import NoticeKind, NoticeRequested, NoticeRequestedData
from services.notification_service.models import State
from tests.event_log import EventLog
from tests.integration.notification_service.conftest import A_SECRET, PORTAL, Center
from tests.integration.notification_service.mail_server import MailServer
from tests.integration.notification_service.queue import MailQueue
from tests.integration.notification_service.test_notices import text_of


async def test_invitation_and_reminder_of_a_spanish_speaker_are_in_spanish(
    center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    issued = center.invitation()
    spanish = issued.data.model_copy(update={"language": "es-MX"})
    issued = issued.model_copy(update={"data": spanish})
    reminder = center.reminder(issued)
    await center.opens()
    await events.publish(issued, reminder)
    await queue.wait_for(reminder.id, lambda mail: mail.state is State.SENT)
    first, second = mail_server.to(center.address("ana"))
    assert first["Subject"] == "Su invitación al portal del paciente de Sunrise"
    assert second["Subject"].startswith("Recordatorio: ")
    text = text_of(first)
    assert text.startswith("Hola, Ana:")
    assert "hasta el " in text
    assert f"{PORTAL}/accept?lang=es#{A_SECRET}" in text.splitlines()
    html = first.get_body(("html",))
    assert html is not None
    assert '<html lang="es">' in html.get_content()
    assert "Crear mi cuenta" in html.get_content()


@pytest.mark.parametrize("language", [None, "en-US", "pt"])
async def test_who_reads_no_language_of_ours_gets_english(
    language: str | None,
    center: Center,
    events: EventLog,
    mail_server: MailServer,
    queue: MailQueue,
) -> None:
    issued = center.invitation()
    data = issued.data.model_copy(update={"language": language})
    await center.opens()
    await events.publish(issued.model_copy(update={"data": data}))
    await queue.wait_for(issued.data.invitation_id, lambda mail: mail.state is State.SENT)
    (mail,) = mail_server.to(center.address("ana"))
    assert mail["Subject"] == "Your invitation to the patient portal of Sunrise"


async def test_two_people_of_one_brand_each_get_their_own_language(
    center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    await center.opens()
    for person, language in [("ana", "es"), ("ben", None), ("eva", "es")]:
        data = NoticeRequestedData(
            organization=center.id,
            recipient=person,
            kind=NoticeKind.MESSAGE_WAITING,
            email=center.address(person),
            given_name="",
            language=language,
        )
        asked = NoticeRequested.of(data)
        await events.publish(asked)
        await queue.wait_for(asked.id, lambda mail: mail.state is State.SENT)
    texts = [text_of(mail_server.to(center.address(one))[0]) for one in ("ana", "ben", "eva")]
    assert [text.split("\r\n")[0] for text in texts] == [
        *("Hola, buen día:", "Hello there,", "Hola, buen día:")
    ]
    assert f"{PORTAL}/{center.id}/sign-in?lang=es" in texts[0].splitlines()
