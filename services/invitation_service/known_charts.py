"""What decisions look at: a chart, its people, and the invitations on it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from contracts.chart import Relationship
from contracts.scopes import Role
from services.invitation_service.models import State

ChartKey = tuple[str, str]
"""Organisation id and chart id."""


@dataclass(frozen=True, slots=True)
class Organization:
    """What eligibility needs of an organisation."""

    portal_enabled: bool
    invitation_days: int
    discharge_ends_access: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """What eligibility needs of a patient or contact."""

    relationship: Relationship
    given_name: str
    email: str | None
    deceased: bool
    ended: bool
    discharged: bool = False
    of_age: bool = False
    location: str | None = None
    language: str | None = None
    changed_at: datetime | None = None
    """When the chart said so."""


@dataclass(frozen=True, slots=True)
class LiveInvitation:
    """An open or accepted invitation on a chart."""

    id: UUID
    person: str
    role: Role
    email_key: str
    state: State


@dataclass(slots=True)
class Chart:
    """All that a decision on one chart looks at; kept up to date from one request to the next."""

    organization: Organization | None = None
    people: dict[str, Person] = field(default_factory=dict)
    live: list[LiveInvitation] = field(default_factory=list)

    @property
    def patient(self) -> Person | None:
        """The person whose chart it is."""
        patients = (p for p in self.people.values() if p.relationship is Relationship.PATIENT)
        return next(patients, None)
