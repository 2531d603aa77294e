"""An organisation's places as they are from now on."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from contracts.chart.brands import Line, Logo
from contracts.envelope import CloudEvent, Identifier


class LocationChangedData(BaseModel):
    """How one of an organisation's places shows itself; what is left out is the organisation's."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "organization": "sunrise",
                    "location": "harbor",
                    "name": "Sunrise Recovery Center, Harbor House",
                    "phone": "+1 202-555-0151",
                    "logo": None,
                    "removed": False,
                }
            ]
        },
    )

    organization: Identifier
    location: Identifier
    name: Line = Field(max_length=120)
    phone: Line | None = Field(default=None, max_length=40)
    logo: Logo | None = None
    removed: bool = False

    @property
    def key(self) -> str:
        """The event's partition key and subject: `organization/location`."""
        return f"{self.organization}/{self.location}"


class LocationChanged(CloudEvent):
    """One of an organisation's places as it is from now on; its topic keeps the newest for ever."""

    name: ClassVar[str] = "LocationChanged"
    publisher: ClassVar[str] = "chart_service"
    type: Literal["portico.LocationChanged.v1"]
    data: LocationChangedData
