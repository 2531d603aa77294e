"""A mail reaches every address that may be invited."""

from contracts.invitations import InvitationIssued
from tests.event_log import EventLog
from tests.integration.notification_service.conftest import Center
from tests.integration.notification_service.mail_server import MailServer


async def test_an_address_whose_domain_is_in_other_letters_gets_its_mail(
    center: Center, events: EventLog, mail_server: MailServer
) -> None:
    data = center.invitation().data
    email = f"ana@{center.id}.bücher.example"
    await center.opens()
    await events.publish(InvitationIssued.of(data.model_copy(update={"email": email})))
    await center.hears_sent(data.invitation_id)
    address = f"ana@{center.id}.xn--bcher-kva.example"
    assert len(mail_server.to(address)) == mail_server.attempts[address] == 1


async def test_an_address_that_no_server_can_be_asked_for_holds_up_nobody(
    center: Center, events: EventLog, mail_server: MailServer
) -> None:
    data = center.invitation("eve").data
    email = f"évé@{center.id}.example"
    await center.opens()
    await events.publish(InvitationIssued.of(data.model_copy(update={"email": email})))
    invitations = await center.invites_all(*(f"n{number}" for number in range(12)))
    await center.hears_sent(*invitations.values())
    assert not mail_server.attempts[email]
