"""An organisation as it is from now on."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from contracts.chart.brands import Line, Logo
from contracts.envelope import CloudEvent, Identifier
from contracts.scopes import Section


class OrganizationChangedData(BaseModel):
    """All that other services need of an organisation, as it is from now on."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "organization": "sunrise",
                    "name": "Sunrise Recovery Center",
                    "phone": "+1 202-555-0143",
                    "logo": None,
                    "portal_enabled": True,
                    "invitation_days": 7,
                    "reminder_days": 3,
                    "messages_enabled": True,
                    "sections_off": ["medications"],
                    "age_of_majority": 18,
                    "death_ends_access": True,
                    "discharge_ends_access": False,
                    "time_zone": "America/New_York",
                    "birth_date_check": True,
                }
            ]
        },
    )

    organization: Identifier
    name: Line = Field(max_length=120)
    phone: Line = Field(max_length=40)
    logo: Logo | None = None
    portal_enabled: bool
    invitation_days: int = Field(default=7, ge=1, le=60, description="An invitation's life.")
    reminder_days: int | None = Field(
        default=None, ge=1, le=59, description="An invitee is reminded once, so many days later."
    )
    messages_enabled: bool = False
    sections_off: tuple[Section, ...] = Field(
        default=(), max_length=20, description="Sections that nobody sees in this portal."
    )
    age_of_majority: int = Field(
        default=18, ge=12, le=30, description="At which age guardians lose their access, in years."
    )
    death_ends_access: bool = Field(default=True, description="Else portal access goes on.")
    discharge_ends_access: bool = Field(default=False, description="Else portal access goes on.")
    time_zone: str = Field(
        default="UTC",
        pattern=r"^[A-Za-z0-9_+/-]{1,64}$",
        description="In which times are said (IANA).",
    )
    birth_date_check: bool = Field(
        default=False, description="Who accepts an invitation gives the patient's date of birth."
    )

    @property
    def key(self) -> str:
        """The event's partition key and subject: the organisation's id."""
        return self.organization


class OrganizationChanged(CloudEvent):
    """An organisation as it is from now on; its topic keeps the newest for ever."""

    name: ClassVar[str] = "OrganizationChanged"
    publisher: ClassVar[str] = "chart_service"
    type: Literal["portico.OrganizationChanged.v1"]
    data: OrganizationChangedData
