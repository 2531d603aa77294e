"""Which role may see what: ROLE_TABLE.md as data.

portal_access grants a role's scopes with the connection, chart_service enforces them per field.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a person is on one chart; the same person may be something else on another."""

    PATIENT = "patient"
    GUARDIAN = "guardian"
    GUARANTOR = "guarantor"


class Section(StrEnum):
    """A section of the portal that an organisation may switch off; the others are always there."""

    INFORMATION = "information"
    APPOINTMENTS = "appointments"
    DOCUMENTS = "documents"
    TREATMENT_PLANS = "treatment_plans"
    MEDICATIONS = "medications"
    FILES = "files"


P, G, R = Role.PATIENT, Role.GUARDIAN, Role.GUARANTOR

ROLES_BY_SCOPE: dict[str, frozenset[Role]] = {
    "dashboard": frozenset({P, G, R}),
    "dashboard.preferred_name": frozenset({P}),
    "information": frozenset({P, G}),
    "information.gender_identity": frozenset({P}),
    "appointments": frozenset({P, G}),
    "documents.evaluations": frozenset({P, G, R}),
    "documents.consents": frozenset({P, G, R}),
    "documents.outcomes": frozenset({P}),
    "treatment_plans": frozenset({P, G, R}),
    "medications": frozenset({P, G}),
    "files.upload": frozenset({P, G, R}),
    "account": frozenset({P, G, R}),
    "messages": frozenset({P, G, R}),
}
"""A cell of the table is a scope and its roles; to change a cell is to change one line here."""


def scopes_of(role: Role) -> tuple[str, ...]:
    """Return the scopes that a role has on a chart, in the table's order."""
    return tuple(scope for scope, roles in ROLES_BY_SCOPE.items() if role in roles)


def open_scopes(
    scopes: Iterable[str], sections_off: Collection[str], *, messages_enabled: bool
) -> tuple[str, ...]:
    """Return those of the scopes that an organisation's settings leave open.

    A scope begins with the name of its section; what is switched off is closed for every role.
    """
    closed = set(sections_off) if messages_enabled else {*sections_off, "messages"}
    return tuple(scope for scope in scopes if scope.partition(".")[0] not in closed)
