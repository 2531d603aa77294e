"""The address on file changes while somebody is invited: two topics, in whatever order."""

import pytest

from chassis.database import Database
from contracts.chart import (
    InviteRequested,
    InviteRequestedData,
    PersonChanged,
    PersonChangedData,
    Relationship,
)
from contracts.envelope import Invitee
from contracts.invitations import InvitationRevoked, InvitationSuperseded, RejectionReason
from contracts.scopes import Role
from tests.event_log import EventLog
from tests.integration.invitation_service.conftest import Center, Portal
from tests.integration.invitation_service.test_review_eligibility import known

OLD, NEW = "ana@sunrise.example", "ana.lopez@sunrise.example"


def moved(invitee: Invitee) -> PersonChanged:
    data = PersonChangedData(
        invitee=invitee, relationship=Relationship.PATIENT, given_name="Ana", email=NEW
    )
    return PersonChanged.of(data)


def asked(invitee: Invitee, email: str) -> InviteRequested:
    return InviteRequested.of(InviteRequestedData(invitee=invitee, role=Role.PATIENT, email=email))


@pytest.mark.parametrize(
    ("news_first", "end"), [(True, InvitationRevoked), (False, InvitationSuperseded)]
)
async def test_the_link_to_the_old_address_is_dead_and_the_one_to_the_new_alive(
    center: Center,
    events: EventLog,
    portal: Portal,
    database: Database,
    end: type[InvitationRevoked | InvitationSuperseded],
    *,
    news_first: bool,
) -> None:
    await center.opens()
    patient = await center.has(email=OLD)
    first = await center.invites(patient, email=OLD)
    old = await center.token_of(first)
    news, second = moved(patient), asked(patient, NEW)
    for event in (news, second) if news_first else (second, news):
        await events.publish(event)
        await events.wait_for(end, lambda e: e.data.invitation_id == first.id)
    new = await center.token_of(second)
    await known(database, center, email=NEW)
    assert (await portal.redeem(old)).status_code == 409
    assert (await portal.redeem(new)).status_code == 200


async def test_a_request_from_before_the_change_mails_no_link_to_the_old_address(
    center: Center, events: EventLog, database: Database
) -> None:
    await center.opens()
    patient = await center.has(email=OLD)
    late = asked(patient, OLD)
    await events.publish(moved(patient))
    await known(database, center, email=NEW)
    await events.publish(late)
    assert await center.rejected(late) is RejectionReason.EMAIL_CHANGED
    assert (await center.issued(await center.invites(patient, email=NEW))).data.email == NEW
