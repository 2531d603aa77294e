"""The ops console is told how a person's mails stand, and nobody else is."""

from uuid import uuid4

from chassis.records import Records
from chassis.security.service_calls import Signer
from tests.integration.notification_service.conftest import Center, Service
from tests.integration.notification_service.mail_server import MailServer
from tests.integration.notification_service.queue import MailQueue

NAME = "notification_service"


async def test_a_mail_that_waits_is_told_with_its_tries(
    service: Service, center: Center, queue: MailQueue, mail_server: MailServer, ops_signer: Signer
) -> None:
    await center.opens()
    mail_server.stop()
    invitation = await center.invites()
    await queue.wait_for(invitation)
    path = f"/internal/records/{center.id}/c-1/p-ana?invitation={invitation}"
    answer = await service.get(path, ops_signer.headers(NAME))
    [mail] = Records.model_validate_json(answer.content).records
    assert (mail.what, mail.state, mail.invitation_id) == ("Mail: invitation", "queued", invitation)
    assert mail.detail.startswith("0 failed tries, the next at")
    assert "@" not in answer.text
    mail_server.start()
    await center.hears_sent(invitation)


async def test_nobody_else_is_told(
    service: Service, center: Center, emr_signer: Signer, ops_signer: Signer
) -> None:
    path = f"/internal/records/{center.id}/c-1/patient?invitation={uuid4()}"
    for headers in ({}, emr_signer.headers(NAME), ops_signer.headers("chart_service")):
        assert (await service.get(path, headers)).status_code == 401
