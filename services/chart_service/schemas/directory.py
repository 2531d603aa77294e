"""Bodies about the Portal Directory."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import Row

from contracts.chart import Relationship
from services.chart_service.models import Status
from services.chart_service.queries.directory_selection import Place
from services.chart_service.schemas.fields import NO_CONTROL, Body, Whole

MOST_PEOPLE = 500

Cursor = Annotated[
    str,
    StringConstraints(pattern=r"^([A-Za-z0-9._-]{1,64}/[A-Za-z0-9._-]{1,64})?$"),
    Field(description="`next_cursor` of the page before; empty for the first page."),
]


def place_of(cursor: str) -> Place:
    """Return from where on a cursor lists."""
    chart, _, person = cursor.partition("/")
    return Place(chart, person) if person else Place()


class DirectorySearch(Body):
    """Whom to list."""

    q: str = Field(
        default="",
        max_length=200,
        pattern=NO_CONTROL,
        description="Beginnings of names, e-mail addresses or the MRN; accents do not matter.",
    )
    status: Status | None = None
    cursor: Cursor = ""
    limit: Whole = Field(default=50, ge=1, le=MOST_PEOPLE)


class DirectoryPerson(BaseModel):
    """A patient or contact, and how they stand with the portal."""

    chart: str
    person: str
    given_name: str
    family_name: str
    relationship: Relationship
    patient_given_name: str
    patient_family_name: str
    mrn: str
    email: str | None
    status: Status
    reason: str | None = Field(description="Why somebody is not eligible; for machines.")
    detail: str | None = Field(description="What a mail server or a refusal said; for people.")
    since: datetime | None
    changed_at: datetime

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """Return a person as lists show them."""
        fields = dict(row._mapping)
        return cls(chart=fields.pop("chart_id"), person=fields.pop("person_id"), **fields)


class DirectoryPage(BaseModel):
    """Some of the people, by name; without a next cursor they are the last."""

    people: list[DirectoryPerson]
    next_cursor: str | None
