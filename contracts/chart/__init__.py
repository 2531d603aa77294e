"""Events of the chart: what staff or an EMR ask for, and what is true of organisations and people.

InviteRequested and RevokeRequested may come from any EMR; the others from chart_service alone.
"""

from contracts.chart.brands import MAX_LOGO_BYTES, Line, Logo
from contracts.chart.examples import EXAMPLE_INVITEE
from contracts.chart.locations import LocationChanged, LocationChangedData
from contracts.chart.messages import MessageSent, MessageSentData
from contracts.chart.organizations import OrganizationChanged, OrganizationChangedData
from contracts.chart.people import (
    ROLE_BY_RELATIONSHIP,
    PersonChanged,
    PersonChangedData,
    Relationship,
)
from contracts.chart.policies import PolicyKind, PolicyPublished, PolicyPublishedData
from contracts.chart.requests import (
    InviteRequested,
    InviteRequestedData,
    RevokeRequested,
    RevokeRequestedData,
)

__all__ = [
    "EXAMPLE_INVITEE",
    "MAX_LOGO_BYTES",
    "ROLE_BY_RELATIONSHIP",
    "InviteRequested",
    "InviteRequestedData",
    "Line",
    "LocationChanged",
    "LocationChangedData",
    "Logo",
    "MessageSent",
    "MessageSentData",
    "OrganizationChanged",
    "OrganizationChangedData",
    "PersonChanged",
    "PersonChangedData",
    "PolicyKind",
    "PolicyPublished",
    "PolicyPublishedData",
    "Relationship",
    "RevokeRequested",
    "RevokeRequestedData",
]
