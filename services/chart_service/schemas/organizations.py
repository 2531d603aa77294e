"""Bodies about organisations and their staff."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    model_validator,
)

from contracts.chart import Logo
from contracts.scopes import Section
from services.chart_service.models import Organization, StaffRole
from services.chart_service.schemas.fields import Body, Id, Line, Name

PORTAL_PATHS = frozenset(
    {
        *("accept", "assets", "health", "metrics", "openapi.json", "privacy", "sign-out"),
        *("static", "terms", ".well-known"),
    }
)
"""What the portal's own paths begin with, where an organisation's pages begin with its id."""


def _free_in_the_portal(identifier: str) -> str:
    if identifier.lower() in PORTAL_PATHS:
        raise ValueError("the portal has pages of its own under this name; choose another id")
    return identifier


NewOrganizationId = Annotated[Id, AfterValidator(_free_in_the_portal)]


_SIGNATURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


class OrganizationBody(Body):
    """All of an organisation."""

    name: Annotated[Name, Field(max_length=120)]
    phone: Annotated[Name, Field(max_length=40)]
    logo: Logo | None = None
    portal_enabled: bool = True
    invitation_days: int = Field(default=7, ge=1, le=60)
    reminder_days: int | None = Field(default=None, ge=1, le=59)
    messages_enabled: bool = False
    sections_off: list[Section] = Field(default=[], max_length=20)
    age_of_majority: int = Field(default=18, ge=12, le=30)
    death_ends_access: bool = True
    discharge_ends_access: bool = False

    @model_validator(mode="after")
    def _logo_is_an_image(self) -> Self:
        if self.logo and not self.logo.content.startswith(_SIGNATURES[self.logo.media_type]):
            raise ValueError(f"the logo's content is not {self.logo.media_type}")
        return self

    @classmethod
    def of(cls, row: Organization) -> "OrganizationBody":
        """Return an organisation as the API shows it."""
        fields = row.model_dump(exclude={"id", "logo", "logo_media_type"})
        fields["sections_off"] = [Section(section) for section in row.sections_off]
        return cls.model_construct(logo=row.logo_value, **fields)

    def row(self, organization_id: str) -> Organization:
        """Return the organisation's row."""
        return Organization(
            id=organization_id,
            logo=self.logo.content if self.logo else None,
            logo_media_type=self.logo.media_type if self.logo else None,
            **self.model_dump(exclude={"logo"}),
        )


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
