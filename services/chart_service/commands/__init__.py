"""What staff, EMRs and imports do; pages and API do it through these alike.

Each works in the caller's transaction, publishes what other services must know, and raises a
ProblemError, whose detail is for people, when it cannot be done.
"""

from services.chart_service.commands import (
    bulk_invites,
    charts,
    clients,
    deliveries,
    invitations,
    locations,
    messages,
    organizations,
    policies,
    portal_messages,
    records,
    sign_in,
    staff,
    webhooks,
)

__all__ = [
    "bulk_invites",
    "charts",
    "clients",
    "deliveries",
    "invitations",
    "locations",
    "messages",
    "organizations",
    "policies",
    "portal_messages",
    "records",
    "sign_in",
    "staff",
    "webhooks",
]
