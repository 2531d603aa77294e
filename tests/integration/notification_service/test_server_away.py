"""No mail is lost, and none fails, while the mail server is away."""

from contracts.deliveries import InvitationBounced
from services.notification_service.models import State
from tests.event_log import EventLog
from tests.integration.notification_service.conftest import Center, Service
from tests.integration.notification_service.mail_server import MailServer
from tests.integration.notification_service.queue import MailQueue

PEOPLE = [f"n{number}" for number in range(30)]


async def test_a_service_that_starts_before_its_mail_server_says_so_and_sends_later(
    service: Service, center: Center, mail_server: MailServer, queue: MailQueue
) -> None:
    await service.stop()
    mail_server.stop()
    await service.start()
    await center.opens()
    early = await center.invites()
    await service.wait_until_only("mail server")
    assert (await queue.wait_for(early)).state is State.QUEUED
    mail_server.start()
    await center.hears_sent(early)
    await service.wait_until_only()


async def test_while_the_mail_server_is_away_for_a_while_mails_wait_and_readiness_names_it(
    service: Service,
    center: Center,
    events: EventLog,
    mail_server: MailServer,
    queue: MailQueue,
) -> None:
    await center.opens()
    await center.hears_sent(await center.invites("first"))
    mail_server.stop()
    invitations = await center.invites_all(*PEOPLE)
    await service.wait_until_only("mail server")
    for invitation in invitations.values():
        waiting = await queue.wait_for(invitation)
        assert (waiting.state, waiting.attempts) == (State.QUEUED, 0)
    mail_server.start()
    await center.hears_sent(*invitations.values())
    assert all(len(mail_server.to(center.address(person))) == 1 for person in PEOPLE)
    assert not events.of(InvitationBounced, lambda e: e.data.invitee.organization == center.id)
    await service.wait_until_only()
