"""Connections that the mail server drops, and what is sent again because of it."""

from services.notification_service.models import State
from tests.integration.notification_service.conftest import Center, Service
from tests.integration.notification_service.mail_server import MailServer
from tests.integration.notification_service.queue import MailQueue

PEOPLE = [f"n{number}" for number in range(30)]


async def test_after_the_server_dropped_idle_connections_the_next_mails_go(
    center: Center, mail_server: MailServer
) -> None:
    await center.opens()
    before = await center.invites_all(*PEOPLE)
    await center.hears_sent(*before.values())
    mail_server.hang_up()
    after = await center.invites_all(*(f"after-{person}" for person in PEOPLE))
    await center.hears_sent(*after.values())
    assert all(len(mail_server.to(center.address(person))) == 1 for person in [*before, *after])


async def test_connections_that_turn_out_to_be_dropped_are_opened_again_for_the_next_mails(
    center: Center, mail_server: MailServer, queue: MailQueue
) -> None:
    await center.opens()
    before = await center.invites_all(*PEOPLE)
    await center.hears_sent(*before.values())
    mail_server.let_connections_go_stale()
    after = await center.invites_all(*(f"after-{person}" for person in PEOPLE))
    await center.hears_sent(*after.values())
    assert all(len(mail_server.to(center.address(person))) == 1 for person in after)
    assert {(await queue.wait_for(invitation)).attempts for invitation in after.values()} == {0}


async def test_a_mail_that_is_sent_again_has_the_same_message_id(
    center: Center, mail_server: MailServer
) -> None:
    address = center.address("ana")
    mail_server.drops_after_taking.add(address)
    await center.opens()
    invitation = await center.invites("ana")
    await center.hears_sent(invitation)
    first, again = mail_server.to(address)
    assert first["Message-ID"] == again["Message-ID"] == f"<{invitation}@portico.example>"


async def test_connections_that_drop_after_each_mail_lose_none(
    center: Center, mail_server: MailServer
) -> None:
    mail_server.drops_after_taking.update(center.address(person) for person in PEOPLE)
    await center.opens()
    invitations = await center.invites_all(*PEOPLE)
    await center.hears_sent(*invitations.values())
    for person in PEOPLE:
        mails = mail_server.to(center.address(person))
        assert len({mail["Message-ID"] for mail in mails}) == 1


async def test_a_sent_mails_token_is_erased_and_stays_so_after_a_restart(
    service: Service, center: Center, mail_server: MailServer, queue: MailQueue
) -> None:
    await center.opens()
    invitation = await center.invites("ana")
    await center.hears_sent(invitation)
    sent = await queue.wait_for(invitation)
    assert (sent.state, sent.sealed_token) == (State.SENT, None)
    await service.stop()
    await service.start()
    await center.hears_sent(await center.invites("ben"))
    assert len(mail_server.to(center.address("ana"))) == 1
