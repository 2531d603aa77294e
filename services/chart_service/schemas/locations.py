"""Bodies about an organisation's places."""

from typing import Annotated, Self

from pydantic import BaseModel, Field

from contracts.chart import Logo
from services.chart_service.models import Location
from services.chart_service.schemas.brands import Branded
from services.chart_service.schemas.fields import Flag, Name


class LocationBody(Branded):
    """A place; what it has not of its own is the organisation's."""

    phone: Annotated[Name, Field(max_length=40)] | None = None
    ended: Flag = Field(default=False, description="Its charts show the organisation's brand.")


class LocationAnswer(BaseModel):
    """A place as it is."""

    id: str
    name: str
    phone: str | None
    logo: Logo | None
    ended: bool

    @classmethod
    def of(cls, row: Location) -> Self:
        """Return a place as the API shows it."""
        return cls(id=row.id, name=row.name, phone=row.phone, logo=row.logo_value, ended=row.ended)
