"""All SQL of portal_access, by subject. Lists go in as arrays, so that a batch is one statement."""

from services.portal_access.queries import (
    acceptances,
    accounts,
    attempts,
    birth_dates,
    brands,
    connections,
    email_changes,
    history,
    password_resets,
    people,
    policies,
    refused_links,
    search,
    sweeping,
)

__all__ = [
    "acceptances",
    "accounts",
    "attempts",
    "birth_dates",
    "brands",
    "connections",
    "email_changes",
    "history",
    "password_resets",
    "people",
    "policies",
    "refused_links",
    "search",
    "sweeping",
]
