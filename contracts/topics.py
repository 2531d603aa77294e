"""The one list of topics: who publishes what, how it is keyed, and how long it is kept."""

from dataclasses import dataclass
from datetime import timedelta

from contracts.access import (
    FacesheetAlertCleared,
    InvitationLocked,
    NewInvitationAsked,
    NoticeRequested,
    PortalAccessEnded,
    PortalAccessGranted,
    PortalAccessResumed,
    PortalAccessSuspended,
)
from contracts.chart import (
    InviteRequested,
    LocationChanged,
    MessageSent,
    OrganizationChanged,
    PersonChanged,
    PolicyPublished,
    RevokeRequested,
)
from contracts.deliveries import InvitationBounced, InvitationReminderSent, InvitationSent
from contracts.envelope import CloudEvent
from contracts.invitations import (
    InvitationAccepted,
    InvitationExpired,
    InvitationIssued,
    InvitationOpened,
    InvitationRejected,
    InvitationReminderIssued,
    InvitationRevoked,
    InvitationSuperseded,
)
from contracts.ops import OpsActed


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
CHART_LOCATIONS = Topic(
    "chart.locations.v1",
    "chart_service",
    "organization/location",
    (LocationChanged,),
    partitions=1,
    retention=None,
)
CHART_POLICIES = Topic(
    "chart.policies.v1",
    "chart_service",
    "organization/kind",
    (PolicyPublished,),
    partitions=1,
    retention=None,
)
CHART_MESSAGES = Topic("chart.messages.v1", "chart_service", INVITEE, (MessageSent,))
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
        InvitationOpened,
        InvitationReminderIssued,
    ),
)
NOTIFICATION_DELIVERIES = Topic(
    "notification.deliveries.v1",
    "notification_service",
    INVITEE,
    (InvitationSent, InvitationBounced, InvitationReminderSent),
)
PORTAL_ACCESS = Topic(
    "portal.access.v1",
    "portal_access",
    INVITEE,
    (
        PortalAccessGranted,
        FacesheetAlertCleared,
        PortalAccessEnded,
        PortalAccessSuspended,
        PortalAccessResumed,
        NewInvitationAsked,
        InvitationLocked,
    ),
)
PORTAL_NOTICES = Topic(
    "portal.notices.v1", "portal_access", "organization/recipient", (NoticeRequested,)
)
OPS_AUDIT = Topic(
    "ops.audit.v1",
    "ops_console",
    "via/who",
    (OpsActed,),
    partitions=1,
    retention=timedelta(days=730),
)
"""No service reads it: the console shows it to people."""

TOPICS = (
    CHART_INVITES,
    CHART_ORGANIZATIONS,
    CHART_PEOPLE,
    CHART_LOCATIONS,
    CHART_POLICIES,
    CHART_MESSAGES,
    INVITATION_LIFECYCLE,
    NOTIFICATION_DELIVERIES,
    PORTAL_ACCESS,
    PORTAL_NOTICES,
    OPS_AUDIT,
)

TOPIC_BY_EVENT: dict[type[CloudEvent], Topic] = {
    event: topic for topic in TOPICS for event in topic.events
}
