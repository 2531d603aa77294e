"""Which event passes over which topic, written down a second time: a change must be meant."""

from datetime import timedelta

import pytest

from contracts.envelope import CloudEvent
from contracts.topics import TOPIC_BY_EVENT, TOPICS
from tests.contract.schema_files import EVENTS, committed

INVITEE = "organization/chart/person"

EXPECTED = {
    "InviteRequested": ("chart.invites.v1", "chart_service", INVITEE),
    "RevokeRequested": ("chart.invites.v1", "chart_service", INVITEE),
    "OrganizationChanged": ("chart.organizations.v1", "chart_service", "organization"),
    "PersonChanged": ("chart.people.v1", "chart_service", INVITEE),
    "LocationChanged": ("chart.locations.v1", "chart_service", "organization/location"),
    "PolicyPublished": ("chart.policies.v1", "chart_service", "organization/kind"),
    "MessageSent": ("chart.messages.v1", "chart_service", INVITEE),
    "InvitationIssued": ("invitation.lifecycle.v1", "invitation_service", INVITEE),
    "InvitationRejected": ("invitation.lifecycle.v1", "invitation_service", INVITEE),
    "InvitationSuperseded": ("invitation.lifecycle.v1", "invitation_service", INVITEE),
    "InvitationRevoked": ("invitation.lifecycle.v1", "invitation_service", INVITEE),
    "InvitationExpired": ("invitation.lifecycle.v1", "invitation_service", INVITEE),
    "InvitationAccepted": ("invitation.lifecycle.v1", "invitation_service", INVITEE),
    "InvitationOpened": ("invitation.lifecycle.v1", "invitation_service", INVITEE),
    "InvitationReminderIssued": ("invitation.lifecycle.v1", "invitation_service", INVITEE),
    "InvitationSent": ("notification.deliveries.v1", "notification_service", INVITEE),
    "InvitationBounced": ("notification.deliveries.v1", "notification_service", INVITEE),
    "InvitationReminderSent": ("notification.deliveries.v1", "notification_service", INVITEE),
    "PortalAccessGranted": ("portal.access.v1", "portal_access", INVITEE),
    "FacesheetAlertCleared": ("portal.access.v1", "portal_access", INVITEE),
    "PortalAccessEnded": ("portal.access.v1", "portal_access", INVITEE),
    "PortalAccessSuspended": ("portal.access.v1", "portal_access", INVITEE),
    "PortalAccessResumed": ("portal.access.v1", "portal_access", INVITEE),
    "NewInvitationAsked": ("portal.access.v1", "portal_access", INVITEE),
    "InvitationLocked": ("portal.access.v1", "portal_access", INVITEE),
    "NoticeRequested": ("portal.notices.v1", "portal_access", "organization/recipient"),
    "OpsActed": ("ops.audit.v1", "ops_console", "via/who"),
}

every_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)


def test_each_event_has_its_topic_publisher_and_key() -> None:
    listed = {
        event.name: (topic.name, event.publisher, topic.key)
        for topic in TOPICS
        for event in topic.events
    }
    assert listed == EXPECTED


def test_every_event_passes_over_exactly_one_topic() -> None:
    listed = [event for topic in TOPICS for event in topic.events]
    assert len(listed) == len(set(listed)) == len(TOPIC_BY_EVENT)
    assert set(listed) == set(CloudEvent.__subclasses__())


def test_only_the_topic_of_invites_is_open_to_any_emr() -> None:
    publishers = {topic.name: topic.publisher for topic in TOPICS}
    assert publishers.pop("chart.invites.v1") == "chart_service or any EMR"
    assert publishers == {topic: who for topic, who, _ in EXPECTED.values() if topic in publishers}


def test_no_two_topics_share_a_name_dead_letters_included() -> None:
    names = [name for topic in TOPICS for name in (topic.name, topic.dead_letters)]
    assert len(names) == len(set(names))
    assert all(topic.dead_letters == f"{topic.name}.dlq" for topic in TOPICS)


def test_what_is_true_of_organizations_and_people_is_kept_for_ever() -> None:
    kept = {topic.name for topic in TOPICS if topic.retention is None}
    assert kept == {
        "chart.organizations.v1",
        "chart.people.v1",
        "chart.locations.v1",
        "chart.policies.v1",
    }
    passing = {topic.name: topic.retention for topic in TOPICS if topic.name not in kept}
    assert passing.pop("ops.audit.v1") == timedelta(days=730)
    assert set(passing.values()) == {timedelta(days=30)}


@every_event
def test_the_subject_is_the_key_that_the_topic_names(event: type[CloudEvent]) -> None:
    example = event.model_validate(committed(event)["examples"][0])
    data = example.model_dump(mode="json")["data"]
    names = data.get("invitee", data)
    parts = TOPIC_BY_EVENT[event].key.split("/")
    assert example.subject == example.data.key == "/".join(names[part] for part in parts)


@every_event
def test_the_type_in_the_event_is_the_one_that_consumers_look_for(event: type[CloudEvent]) -> None:
    example = event.model_validate(committed(event)["examples"][0])
    assert example.type == event.type_name() == f"portico.{event.name}.v{event.version}"
