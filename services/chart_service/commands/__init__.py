"""What staff, EMRs and imports do; pages and API do it through these alike.

Each works in the caller's transaction, publishes what other services must know, and raises a
ProblemError, whose detail is for people, when it cannot be done.
"""

from services.chart_service.commands import (
    charts,
    clients,
    invitations,
    locations,
    organizations,
    policies,
    records,
    sign_in,
    staff,
)

__all__ = [
    "charts",
    "clients",
    "invitations",
    "locations",
    "organizations",
    "policies",
    "records",
    "sign_in",
    "staff",
]
