"""What is counted of an organisation's events."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from aiokafka import TopicPartition

from contracts.chart import InviteRequested, InviteRequestedData
from contracts.deliveries import InvitationSent, InvitationSentData
from contracts.envelope import CloudEvent, Invitee
from contracts.invitations import (
    InvitationRejected,
    InvitationRejectedData,
    RejectionReason,
)
from contracts.scopes import Role
from services.ops_console.organization_counts import Busiest, Tally, Waiting, belongs_to
from services.ops_console.organization_reading import MOST_RECORDS, newest
from services.ops_console.topic_bounds import Bounds

BEGIN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ANA = Invitee(organization="hill", chart="c-1", person="patient")


def at(second: float, event: CloudEvent) -> bytes:
    """Return an event as if it was published at this second."""
    moved = event.model_copy(update={"time": BEGIN + timedelta(seconds=second)})
    return moved.model_dump_json().encode()


def requested() -> InviteRequested:
    data = InviteRequestedData(invitee=ANA, role=Role.PATIENT, email="ana@hill.example")
    return InviteRequested.of(data)


def sent(invitation: UUID) -> InvitationSent:
    data = InvitationSentData(
        invitee=ANA,
        role=Role.PATIENT,
        invitation_id=invitation,
        message_id="<1@portico.example>",
        sent_at=BEGIN,
    )
    return InvitationSent.of(data)


def rejected(invitation: UUID) -> InvitationRejected:
    data = InvitationRejectedData(
        invitee=ANA,
        role=Role.PATIENT,
        invitation_id=invitation,
        reason=RejectionReason.EMAIL_MISSING,
        message="There is no address.",
        requested_at=BEGIN,
    )
    return InvitationRejected.of(data)


def test_invitations_are_counted_with_the_time_to_their_mail() -> None:
    tally, some = Tally(), [requested() for _ in range(4)]
    for one in some:
        tally.add(at(0, one))
    for one, second in zip(some, (0.5, 2, 1), strict=False):
        tally.add(at(second, sent(one.id)))
    assert tally.events == {"InviteRequested": 4, "InvitationSent": 3}
    assert tally.times_to_mail() == (timedelta(seconds=1), timedelta(seconds=2))
    assert tally.waiting(most=5) == [Waiting(str(some[3].id), BEGIN)]


def test_rejections_are_counted_by_reason_and_wait_no_longer() -> None:
    tally, one = Tally(), requested()
    tally.add(at(1, rejected(one.id)))
    tally.add(at(0, one))
    assert tally.rejections == {"email_missing": 1}
    assert tally.waiting(most=5) == []
    assert tally.times_to_mail() is None


def test_what_was_published_twice_counts_once() -> None:
    tally, one = Tally(), at(0, requested())
    tally.add(one)
    tally.add(one)
    assert tally.events == {"InviteRequested": 1}


def test_what_is_no_event_is_not_counted() -> None:
    tally = Tally()
    tally.add(b"not json")
    tally.add(b'{"type": "portico.OrganizationChanged.v1"}')
    assert tally.events == {"OrganizationChanged": 1}


def test_the_busiest_come_first() -> None:
    busiest = Busiest()
    for _ in range(3):
        busiest.add(b"hill/c-1/patient", at(0, requested()))
    busiest.add(b"lake", b"{}")
    first, second = busiest.first(2)
    assert (first.organization, first.events, first.requested) == ("hill", 3, 3)
    assert (second.organization, second.events, second.requested) == ("lake", 1, 0)


def test_an_organization_has_its_own_keys_alone() -> None:
    assert belongs_to(b"hill", b"hill")
    assert belongs_to(b"hill", b"hill/c-1/patient")
    assert not belongs_to(b"hill", b"hill-2/c-1/patient")
    assert not belongs_to(b"hill", None)


def test_of_too_many_records_the_newest_of_each_partition_are_read() -> None:
    one, two = TopicPartition("t", 0), TopicPartition("t", 1)
    bounds = {one: Bounds(0, 3 * MOST_RECORDS), two: Bounds(0, MOST_RECORDS)}
    starts, is_cut = newest(bounds, {one: 0, two: 0})
    assert is_cut
    assert sum(bounds[at].end - start for at, start in starts.items()) == MOST_RECORDS
    assert newest(bounds, {one: 3 * MOST_RECORDS - 5, two: MOST_RECORDS}) == (
        {one: 3 * MOST_RECORDS - 5, two: MOST_RECORDS},
        False,
    )


def test_ids_of_other_events_do_not_mix() -> None:
    tally = Tally()
    tally.add(at(0, sent(uuid4())))
    assert tally.times_to_mail() is None
