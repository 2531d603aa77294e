"""What becomes of a mail that the mail server refuses, and of its neighbours."""

import pytest

from contracts.deliveries import InvitationBounced, InvitationSent
from services.notification_service.models import State
from services.notification_service.rules import MOST_TRIES_TO_MAKE
from tests.event_log import EventLog
from tests.integration.notification_service.conftest import Center
from tests.integration.notification_service.mail_server import MailServer
from tests.integration.notification_service.queue import MailQueue

OTHER_KEY = "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA="


@pytest.mark.parametrize("code", [550, 553])
async def test_staff_hear_of_an_address_that_does_not_exist_and_it_is_not_tried_again(
    code: int, center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    address = center.address("ana")
    mail_server.replies_to_recipients[address] = f"{code} <{address}> is not here"
    await center.opens()
    refused = await center.invites("ana")
    (bounced,) = await events.wait_for(InvitationBounced, lambda e: e.data.invitation_id == refused)
    assert bounced.data.smtp_code == code
    assert "@" not in bounced.data.message
    await queue.make_due(refused)
    await center.hears_sent(await center.invites("ben"))
    assert mail_server.attempts[address] == 1
    assert (await queue.wait_for(refused)).state is State.BOUNCED


async def test_a_mail_whose_content_is_refused_for_good_is_a_bounce_too(
    center: Center, events: EventLog, mail_server: MailServer
) -> None:
    mail_server.replies_to_mails[center.address("ana")] = "554 this is no mail for us"
    await center.opens()
    refused = await center.invites("ana")
    (bounced,) = await events.wait_for(InvitationBounced, lambda e: e.data.invitation_id == refused)
    assert bounced.data.smtp_code == 554


async def test_a_mailbox_that_is_busy_gets_its_mail_later(
    center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    address = center.address("ana")
    mail_server.replies_to_recipients[address] = "451 greylisted, come back later"
    await center.opens()
    delayed = await center.invites("ana")
    waiting = await queue.wait_for(delayed, lambda mail: mail.attempts > 0)
    assert waiting.state is State.QUEUED
    mail_server.obey()
    await queue.make_due(delayed)
    await center.hears_sent(delayed)
    assert len(mail_server.to(address)) == 1
    assert not events.of(InvitationBounced, lambda e: e.data.invitation_id == delayed)


@pytest.mark.parametrize("enhanced", ["5.7.1", "5.4.4"])
async def test_a_blocked_sender_or_a_missing_route_is_no_fault_of_the_mailbox(
    enhanced: str, center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    mail_server.replies_to_recipients[center.address("ana")] = f"550 {enhanced} not from you"
    await center.opens()
    delayed = await center.invites("ana")
    waiting = await queue.wait_for(delayed, lambda mail: mail.attempts > 0)
    assert waiting.state is State.QUEUED
    mail_server.obey()
    await queue.make_due(delayed)
    await center.hears_sent(delayed)
    assert not events.of(InvitationBounced, lambda e: e.data.invitation_id == delayed)


@pytest.mark.parametrize("refuses_at", ["MAIL", "RCPT"])
async def test_a_mail_server_that_wants_a_password_first_is_no_fault_of_the_invitee(
    refuses_at: str, center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    reply = "530 authentication required"
    if refuses_at == "MAIL":
        mail_server.reply_to_all = reply
    else:
        mail_server.replies_to_recipients[center.address("ana")] = reply
    await center.opens()
    delayed = await center.invites("ana")
    waiting = await queue.wait_for(delayed, lambda mail: mail.attempts > 0)
    assert waiting.state is State.QUEUED
    mail_server.obey()
    await queue.make_due(delayed)
    await center.hears_sent(delayed)
    assert not events.of(InvitationBounced, lambda e: e.data.invitation_id == delayed)


async def test_refused_mails_do_not_hold_up_the_others(
    center: Center, events: EventLog, mail_server: MailServer
) -> None:
    people = [f"n{number}" for number in range(40)]
    for person in people[::4]:
        mail_server.replies_to_recipients[center.address(person)] = "550 nobody"
    for person in people[1::4]:
        mail_server.replies_to_mails[center.address(person)] = "452 no room"
    await center.opens()
    invitations = await center.invites_all(*people)
    taken = people[2::4] + people[3::4]
    await center.hears_sent(*(invitations[person] for person in taken))
    assert all(len(mail_server.to(center.address(person))) == 1 for person in taken)
    gone = {invitations[person] for person in people[::4]}
    await events.wait_for(
        InvitationBounced, lambda e: e.data.invitation_id in gone, count=len(gone)
    )


async def test_a_mail_whose_token_cannot_be_opened_does_not_hold_up_the_others(
    center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    foreign = center.invitation("eve", seal_key=OTHER_KEY)
    await center.opens()
    await events.publish(foreign)
    invitations = await center.invites_all(*(f"n{number}" for number in range(12)))
    await center.hears_sent(*invitations.values())
    odd = await queue.wait_for(foreign.data.invitation_id, lambda mail: mail.attempts > 0)
    assert odd.state is State.QUEUED
    assert not mail_server.to(center.address("eve"))
    assert not events.of(InvitationSent, lambda e: e.subject == foreign.subject)


async def test_staff_hear_of_a_mail_that_could_not_be_made_for_an_hour(
    center: Center, events: EventLog, queue: MailQueue
) -> None:
    foreign = center.invitation("eve", seal_key=OTHER_KEY)
    await center.opens()
    await events.publish(foreign)
    await queue.wait_for(foreign.data.invitation_id, lambda mail: mail.attempts > 0)
    await queue.count_tries(foreign.data.invitation_id, MOST_TRIES_TO_MAKE)
    (bounced,) = await events.wait_for(
        InvitationBounced, lambda e: e.data.invitation_id == foreign.data.invitation_id
    )
    assert "Tell whoever runs Portico" in bounced.data.message
