"""A reminder is a mail of its own, after the invitation's and never after the invitation."""

from contracts.deliveries import InvitationBounced, InvitationReminderSent
from contracts.invitations import InvitationRevoked, InvitationRevokedData
from services.notification_service.models import State
from tests.event_log import EventLog
from tests.integration.notification_service.conftest import A_REMINDERS_SECRET, PORTAL, Center
from tests.integration.notification_service.mail_server import MailServer
from tests.integration.notification_service.queue import MailQueue


async def test_a_reminder_says_that_it_is_one_and_has_a_link_of_its_own(
    center: Center, events: EventLog, mail_server: MailServer
) -> None:
    issued = center.invitation()
    await center.opens()
    await events.publish(issued, center.reminder(issued))
    (sent,) = await events.wait_for(
        InvitationReminderSent, lambda e: e.data.invitation_id == issued.data.invitation_id
    )
    _, mail = mail_server.to(center.address("ana"))
    text = mail.get_body(("plain",))
    assert text is not None
    assert str(mail["Subject"]).strip().startswith("Reminder: ")
    assert f"{PORTAL}/accept#{A_REMINDERS_SECRET}" in text.get_content().splitlines()
    assert mail["Message-ID"] == sent.data.message_id
    assert sent.data.message_id == f"<{issued.data.invitation_id}.reminder@portico.example>"


async def test_an_invitation_is_reminded_of_once(
    center: Center, events: EventLog, mail_server: MailServer
) -> None:
    issued = center.invitation()
    await center.opens()
    await events.publish(issued, center.reminder(issued), center.reminder(issued))
    await events.wait_for(
        InvitationReminderSent, lambda e: e.data.invitation_id == issued.data.invitation_id
    )
    await center.hears_sent(await center.invites("ben"))
    assert len(mail_server.to(center.address("ana"))) == 2


async def test_a_reminder_waits_for_the_mail_that_it_reminds_of(
    center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    address = center.address("ana")
    mail_server.replies_to_recipients[address] = "451 greylisted"
    issued = center.invitation()
    reminder = center.reminder(issued)
    await center.opens()
    await events.publish(issued)
    await queue.wait_for(issued.data.invitation_id, lambda mail: mail.attempts > 0)
    await events.publish(reminder)
    await center.hears_sent(await center.invites("ben"))
    assert (await queue.wait_for(reminder.id)).attempts == 0
    mail_server.obey()
    await queue.make_due(issued.data.invitation_id)
    await events.wait_for(InvitationReminderSent, lambda e: e.subject == issued.subject)
    first, second = mail_server.to(address)
    assert "Reminder" not in first["Subject"]
    assert "Reminder" in second["Subject"]


async def test_a_reminder_that_is_refused_for_good_is_a_bounce(
    center: Center, events: EventLog, mail_server: MailServer
) -> None:
    issued = center.invitation()
    await center.opens()
    await events.publish(issued)
    await center.hears_sent(issued.data.invitation_id)
    mail_server.replies_to_recipients[center.address("ana")] = "550 5.1.1 gone"
    await events.publish(center.reminder(issued))
    await events.wait_for(
        InvitationBounced, lambda e: e.data.invitation_id == issued.data.invitation_id
    )


async def test_a_reminder_of_an_invitation_that_has_ended_is_not_sent(
    center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    issued = center.invitation()
    early, late = center.reminder(issued), center.reminder(issued)
    await events.publish(issued, early)
    await queue.wait_for(early.id)
    named = issued.data.model_dump(include={"invitee", "invitation_id", "role"})
    await events.publish(InvitationRevoked.of(InvitationRevokedData.model_validate(named)))
    cancelled = await queue.wait_for(early.id, lambda mail: mail.state is State.CANCELLED)
    assert cancelled.sealed_token is None
    await events.publish(late)
    await center.opens()
    await center.hears_sent(await center.invites("ben"))
    assert not mail_server.to(center.address("ana"))
