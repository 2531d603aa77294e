"""Bodies about organisations and their staff."""

from typing import Annotated
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
)

from chassis.web import zones
from contracts.scopes import Section
from services.chart_service.models import Organization, StaffRole
from services.chart_service.schemas.brands import Branded
from services.chart_service.schemas.fields import Body, Flag, Id, Line, Name, Whole

PORTAL_PATHS = frozenset(
    {
        *(
            "accept",
            "account",
            "agreement",
            "api",
            "charts",
            "forgot-password",
            "health",
            "internal",
            "language",
            "manifest.webmanifest",
            "metrics",
            "openapi.json",
            "privacy",
            "reset-password",
            "sign-in",
            "sign-out",
        ),
        *("static", "terms", "verify-email", ".well-known"),
    }
)
"""What the portal's own paths begin with, where an organisation's pages begin with its id."""


def _free_in_the_portal(identifier: str) -> str:
    if identifier.lower() in PORTAL_PATHS:
        raise ValueError("the portal has pages of its own under this name; choose another id")
    return identifier


NewOrganizationId = Annotated[Id, AfterValidator(_free_in_the_portal)]


def _a_zone(name: str) -> str:
    if not zones.is_known(name):
        raise ValueError("there is no time zone of this name; America/New_York is one")
    return name


TimeZone = Annotated[
    Line, Field(max_length=64, examples=["America/New_York"]), AfterValidator(_a_zone)
]


class OrganizationBody(Branded):
    """An organisation; of one that is known, what is left out stays as it is."""

    phone: Annotated[Name, Field(max_length=40)]
    portal_enabled: Flag = True
    invitation_days: Whole = Field(default=7, ge=1, le=60)
    reminder_days: Whole | None = Field(default=None, ge=1, le=59)
    messages_enabled: Flag = False
    sections_off: list[Section] = Field(default=[], max_length=20)
    age_of_majority: Whole = Field(default=18, ge=12, le=30)
    death_ends_access: Flag = True
    discharge_ends_access: Flag = False
    time_zone: TimeZone = zones.DEFAULT
    birth_date_check: Flag = False

    @classmethod
    def of(cls, row: Organization) -> "OrganizationBody":
        """Return an organisation as the API shows it."""
        fields = row.model_dump(exclude={"id", "logo", "logo_media_type"})
        fields["sections_off"] = [Section(section) for section in row.sections_off]
        return cls.model_construct(logo=row.logo_value, **fields)


class StaffBody(Body):
    """Someone who is to sign in to the pages."""

    email: Line
    name: Name
    password: str | None = Field(default=None, max_length=1000)
    role: StaffRole = StaffRole.STAFF


class StaffAnswer(BaseModel):
    """Someone who may sign in to the pages."""

    id: UUID
    email: str
    name: str
    role: StaffRole
