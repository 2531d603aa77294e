"""The one list of topics: who publishes what, how it is keyed, and how long it is kept."""

from dataclasses import dataclass
from datetime import timedelta

from contracts.access import FacesheetAlertCleared, PortalAccessGranted
from contracts.chart import InviteRequested, OrganizationChanged, PersonChanged, RevokeRequested
from contracts.deliveries import InvitationBounced, InvitationSent
from contracts.envelope import CloudEvent
from contracts.invitations import (
    InvitationAccepted,
    InvitationExpired,
    InvitationIssued,
    InvitationRejected,
    InvitationRevoked,
    InvitationSuperseded,
)


@dataclass(frozen=True)
class Topic:
    """A topic and the events that pass over it; several share one where their order matters."""

    name: str
    publisher: str
    key: str
    events: tuple[type[CloudEvent], ...]
    partitions: int = 8
    retention: timedelta | None = timedelta(days=30)
    """None: compacted, the newest event of each key is kept for ever."""

    @property
    def dead_letters(self) -> str:
        """The topic for what a consumer of this one could not handle."""
        return f"{self.name}.dlq"


INVITEE = "organization/chart/person"

CHART_INVITES = Topic(
    "chart.invites.v1", "chart_service or any EMR", INVITEE, (InviteRequested, RevokeRequested)
)
CHART_ORGANIZATIONS = Topic(
    "chart.organizations.v1",
    "chart_service",
    "organization",
    (OrganizationChanged,),
    partitions=1,
    retention=None,
)
CHART_PEOPLE = Topic("chart.people.v1", "chart_service", INVITEE, (PersonChanged,), retention=None)
INVITATION_LIFECYCLE = Topic(
    "invitation.lifecycle.v1",
    "invitation_service",
    INVITEE,
    (
        InvitationIssued,
        InvitationRejected,
        InvitationSuperseded,
        InvitationRevoked,
        InvitationExpired,
        InvitationAccepted,
    ),
)
NOTIFICATION_DELIVERIES = Topic(
    "notification.deliveries.v1",
    "notification_service",
    INVITEE,
    (InvitationSent, InvitationBounced),
)
PORTAL_ACCESS = Topic(
    "portal.access.v1", "portal_access", INVITEE, (PortalAccessGranted, FacesheetAlertCleared)
)

TOPICS = (
    CHART_INVITES,
    CHART_ORGANIZATIONS,
    CHART_PEOPLE,
    INVITATION_LIFECYCLE,
    NOTIFICATION_DELIVERIES,
    PORTAL_ACCESS,
)

TOPIC_BY_EVENT: dict[type[CloudEvent], Topic] = {
    event: topic for topic in TOPICS for event in topic.events
}
