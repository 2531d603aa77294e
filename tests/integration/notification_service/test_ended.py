"""Nobody gets the mail of an invitation that has ended, nor one mail twice."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from contracts.envelope import CloudEvent, utc_now
from contracts.invitations import (
    InvitationAccepted,
    InvitationAcceptedData,
    InvitationExpired,
    InvitationExpiredData,
    InvitationIssued,
    InvitationRevoked,
    InvitationRevokedData,
    InvitationSuperseded,
    InvitationSupersededData,
)
from services.notification_service.models import State
from tests.event_log import EventLog
from tests.integration.notification_service.conftest import Center
from tests.integration.notification_service.mail_server import MailServer
from tests.integration.notification_service.queue import MailQueue

End = Callable[[InvitationIssued], CloudEvent]


def _named(issued: InvitationIssued) -> dict[str, object]:
    return issued.data.model_dump(include={"invitee", "invitation_id", "role"})


def _revoked(issued: InvitationIssued) -> CloudEvent:
    return InvitationRevoked.of(InvitationRevokedData.model_validate(_named(issued)))


def _superseded(issued: InvitationIssued) -> CloudEvent:
    data = _named(issued) | {"superseded_by": uuid4()}
    return InvitationSuperseded.of(InvitationSupersededData.model_validate(data))


def _expired(issued: InvitationIssued) -> CloudEvent:
    data = _named(issued) | {"expired_at": utc_now()}
    return InvitationExpired.of(InvitationExpiredData.model_validate(data))


def _accepted(issued: InvitationIssued) -> CloudEvent:
    data = _named(issued) | {
        "redemption_id": uuid4(),
        "account_id": uuid4(),
        "accepted_at": utc_now(),
    }
    return InvitationAccepted.of(InvitationAcceptedData.model_validate(data))


@pytest.mark.parametrize("end", [_revoked, _superseded, _expired, _accepted])
async def test_a_mail_still_waiting_when_its_invitation_ends_is_never_sent(
    end: End, center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    issued = center.invitation("ana")
    await events.publish(issued)
    await queue.wait_for(issued.data.invitation_id)
    await events.publish(end(issued))
    cancelled = await queue.wait_for(
        issued.data.invitation_id, lambda mail: mail.state is State.CANCELLED
    )
    assert cancelled.sealed_token is None
    await center.opens()
    await center.hears_sent(await center.invites("ben"))
    assert not mail_server.to(center.address("ana"))


async def test_news_of_an_end_before_news_of_the_issue_is_kept_in_mind(
    center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    issued = center.invitation("ana")
    await center.opens()
    await events.publish(_revoked(issued), issued)
    await center.hears_sent(await center.invites("ben"))
    assert (await queue.wait_for(issued.data.invitation_id)).state is State.CANCELLED
    assert not mail_server.to(center.address("ana"))


async def test_a_link_that_is_dead_by_its_date_is_not_sent(
    center: Center, events: EventLog, mail_server: MailServer, queue: MailQueue
) -> None:
    issued = center.invitation("ana", days=-0.01)
    await events.publish(issued)
    await queue.wait_for(issued.data.invitation_id)
    await center.opens()
    await center.hears_sent(await center.invites("ben"))
    assert not mail_server.to(center.address("ana"))


async def test_an_invitation_that_is_announced_twice_is_mailed_once(
    center: Center, events: EventLog, mail_server: MailServer
) -> None:
    issued = center.invitation("ana")
    await center.opens()
    await events.publish(issued, issued, InvitationIssued.of(issued.data))
    await center.hears_sent(issued.data.invitation_id)
    await events.publish(issued)
    await center.hears_sent(await center.invites("ben"))
    assert len(mail_server.to(center.address("ana"))) == 1
