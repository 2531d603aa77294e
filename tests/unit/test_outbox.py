"""What a transaction leaves for Kafka."""

from base64 import b64encode
from uuid import uuid4

import pytest

from chassis.outbox import SHARDS, EventTooLargeError, message_of
from contracts.chart import MAX_LOGO_BYTES, Logo, OrganizationChanged, OrganizationChangedData
from contracts.envelope import Invitee
from contracts.invitations import InvitationRevoked, InvitationRevokedData
from contracts.scopes import Role


def revoked(person: str = "p-1", by: str = "staff:s-7") -> InvitationRevoked:
    invitee = Invitee(organization="sunrise", chart="c-1", person=person)
    return InvitationRevoked.of(
        InvitationRevokedData(
            invitee=invitee, invitation_id=uuid4(), role=Role.PATIENT, revoked_by=by
        )
    )


def test_an_event_goes_to_its_topic_under_its_key_and_is_read_back_equal() -> None:
    event = revoked()
    message = message_of(event)
    assert message.topic == "invitation.lifecycle.v1"
    assert message.key == "sunrise/c-1/p-1"
    assert InvitationRevoked.model_validate_json(message.payload) == event


def test_all_events_of_a_key_are_in_one_shard_and_keys_in_all() -> None:
    shards = [message_of(revoked(f"p-{number}")).shard for number in range(500)]
    again = [message_of(revoked(f"p-{number}")).shard for number in range(500)]
    assert shards == again
    assert set(shards) == set(range(SHARDS))


def test_an_event_too_large_for_kafka_fails_whoever_publishes_it() -> None:
    with pytest.raises(EventTooLargeError, match="at most 262144") as caught:
        message_of(revoked(by="secret" * 50_000))
    assert "secret" not in str(caught.value)


def test_the_largest_logo_fits_into_an_event() -> None:
    logo = Logo(media_type="image/png", content=b64encode(b"x" * (MAX_LOGO_BYTES // 4 * 3)))
    data = OrganizationChangedData(
        organization="sunrise", name="é" * 120, phone="1" * 40, logo=logo, portal_enabled=True
    )
    assert message_of(OrganizationChanged.of(data)).topic == "chart.organizations.v1"
