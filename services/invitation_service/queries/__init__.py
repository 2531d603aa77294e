"""All SQL of invitation_service, by subject. Lists go in as arrays: a batch is one statement."""

from services.invitation_service.queries import (
    charts,
    failures,
    invitations,
    ops_records,
    organizations,
    people,
    reminders,
    tokens,
    waiting,
)

__all__ = [
    "charts",
    "failures",
    "invitations",
    "ops_records",
    "organizations",
    "people",
    "reminders",
    "tokens",
    "waiting",
]
