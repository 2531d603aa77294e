"""Mail servers that are slow or rude, and a service that stops meanwhile: each mail goes once."""

from contracts.deliveries import InvitationBounced
from tests.integration.notification_service.conftest import Center, Service
from tests.integration.notification_service.mail_server import MailServer
from tests.integration.notification_service.queue import MailQueue

SECONDS_LONGER_THAN_A_COMMAND_MAY_TAKE = 3.0
PEOPLE = [f"n{number}" for number in range(40)]


async def test_a_mail_whose_answer_takes_long_goes_once(
    center: Center, mail_server: MailServer
) -> None:
    mail_server.seconds_per_mail = SECONDS_LONGER_THAN_A_COMMAND_MAY_TAKE
    await center.opens()
    await center.hears_sent(await center.invites("ana"))
    assert mail_server.attempts[center.address("ana")] == 1


async def test_a_refusal_counts_although_the_server_hangs_up_after_it(
    center: Center, mail_server: MailServer
) -> None:
    address = center.address("ana")
    mail_server.replies_to_recipients[address] = "550 5.1.1 no such mailbox"
    mail_server.hangs_up_on.add(address)
    await center.opens()
    invitation = await center.invites("ana")
    await center.events.wait_for(InvitationBounced, lambda e: e.data.invitation_id == invitation)
    assert mail_server.attempts[address] == 1


async def test_mails_on_which_the_server_hangs_up_do_not_hold_up_the_others(
    center: Center, mail_server: MailServer, queue: MailQueue
) -> None:
    rude = PEOPLE[:20]
    for person in rude:
        mail_server.replies_to_recipients[center.address(person)] = "421 4.3.2 closing"
        mail_server.hangs_up_on.add(center.address(person))
    await center.opens()
    invitations = await center.invites_all(*PEOPLE)
    await center.hears_sent(*(invitations[person] for person in PEOPLE[20:]))
    for person in rude:
        await queue.wait_for(invitations[person], lambda mail: mail.attempts > 0)


async def test_a_service_that_is_stopped_amid_its_mails_sends_each_once(
    service: Service, center: Center, mail_server: MailServer
) -> None:
    mail_server.seconds_per_mail = 0.05
    await center.opens()
    invitations = await center.invites_all(*PEOPLE)
    await center.hears_sent(next(iter(invitations.values())))
    await service.stop()
    await service.start()
    await center.hears_sent(*invitations.values())
    for person in PEOPLE:
        assert len(mail_server.to(center.address(person))) == 1
