"""While an organisation's portal is off its mails wait; none is lost, and none comes too late."""

from datetime import timedelta

from contracts.access import NoticeKind
from contracts.envelope import utc_now
from services.notification_service.models import State
from tests.event_log import EventLog
from tests.integration.notification_service.conftest import Center
from tests.integration.notification_service.mail_server import MailServer
from tests.integration.notification_service.queue import MailQueue
from tests.integration.notification_service.test_notices import notice

HOUR = timedelta(hours=1)


async def test_mails_wait_while_the_portal_is_off_and_go_in_order_when_it_is_on(
    center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    await center.closes()
    await queue.wait_for_pause(center.id)
    first, second = center.invitation("ana"), center.invitation("ben")
    told = notice(center, NoticeKind.ACCESS_ENDED)
    await events.publish(first, second, told)
    await queue.wait_for(told.id)
    other = Center(events)
    await other.opens()
    await other.hears_sent(await other.invites("eve"))
    for waiting in (first.data.invitation_id, second.data.invitation_id, told.id):
        assert (await queue.wait_for(waiting)).state is State.QUEUED
    assert not mail_server.to(center.address("ana"))
    await center.opens()
    await center.hears_sent(first.data.invitation_id, second.data.invitation_id)
    await queue.wait_for(told.id, lambda mail: mail.state is State.SENT)


async def test_a_mail_is_of_use_for_as_much_longer_as_the_portal_was_off(
    center: Center, events: EventLog, queue: MailQueue
) -> None:
    now = utc_now()
    issued = center.invitation("ana", days=-0.01)
    early = issued.model_copy(update={"time": now - 4 * HOUR})
    await center.closes(at=now - 3 * HOUR)
    await queue.wait_for_pause(center.id)
    await events.publish(early)
    await queue.wait_for(issued.data.invitation_id)
    await center.opens(at=now - HOUR)
    await center.hears_sent(issued.data.invitation_id)
    expected = issued.data.expires_at + 2 * HOUR
    assert await queue.expires_at(issued.data.invitation_id) == expected


async def test_a_mail_of_an_invitation_made_within_the_pause_moves_by_the_rest_of_it(
    center: Center, events: EventLog, queue: MailQueue
) -> None:
    now = utc_now()
    issued = center.invitation("ana")
    await center.closes(at=now - 3 * HOUR)
    await queue.wait_for_pause(center.id)
    await events.publish(issued.model_copy(update={"time": now - 2 * HOUR}))
    await queue.wait_for(issued.data.invitation_id)
    await center.opens(at=now - HOUR)
    await center.hears_sent(issued.data.invitation_id)
    assert await queue.expires_at(issued.data.invitation_id) == issued.data.expires_at + HOUR
