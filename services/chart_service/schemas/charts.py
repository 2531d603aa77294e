"""Bodies about charts."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    model_validator,
)
from sqlalchemy import Row

from services.chart_service.commands.charts import ChartEntry
from services.chart_service.facesheet import Facesheet
from services.chart_service.models import Coverage
from services.chart_service.schemas.fields import (
    LAST_OFFSET,
    MOST_CHARTS,
    NO_CONTROL,
    Body,
    Id,
    Name,
    Whole,
)
from services.chart_service.schemas.invitations import AlertAnswer
from services.chart_service.schemas.people import ContactBody, PatientBody, PersonAnswer


class ChartBody(Body):
    """A chart with its patient and contacts."""

    id: Id
    mrn: Name
    location: Id | None = Field(
        default=None, description="The place it belongs to; left out, that stays as it is."
    )
    patient: PatientBody
    contacts: list[ContactBody] = Field(default=[], max_length=100)

    @model_validator(mode="after")
    def _names_nobody_twice(self) -> Self:
        ids = {self.patient.id, *(contact.id for contact in self.contacts)}
        if len(ids) <= len(self.contacts):
            raise ValueError(f"chart {self.id} names somebody twice")
        return self

    def entry(self) -> ChartEntry:
        """Return what is to be recorded."""
        return ChartEntry(
            self.id,
            self.mrn,
            [person.given() for person in (self.patient, *self.contacts)],
            places="location" in self.model_fields_set,
            location=self.location,
        )


def _no_chart_twice(charts: list[ChartBody]) -> list[ChartBody]:
    if len({chart.id for chart in charts}) < len(charts):
        raise ValueError("a chart is named twice")
    return charts


ChartBodies = Annotated[
    list[ChartBody],
    Field(min_length=1, max_length=MOST_CHARTS),
    AfterValidator(_no_chart_twice),
]


class Recorded(BaseModel):
    """What became of an upsert."""

    charts: int
    changed_people: int


class CoverageAnswer(BaseModel):
    """An insurance."""

    payer: str
    plan: str | None
    member_id: str | None

    @classmethod
    def of(cls, row: Coverage) -> Self:
        """Return an insurance as the API shows it."""
        return cls(payer=row.payer, plan=row.plan, member_id=row.member_id)


class ChartSummary(BaseModel):
    """A chart in a list."""

    id: str
    mrn: str
    given_name: str
    family_name: str
    birth_date: date | None

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """Return a chart as lists show it."""
        return cls.model_validate(row, from_attributes=True)


class ChartSearch(Body):
    """Which charts are looked for."""

    q: str = Field(
        max_length=200,
        pattern=NO_CONTROL,
        description="Beginnings of names, e-mail addresses or the MRN; accents do not matter.",
    )
    limit: Whole = Field(default=50, ge=1, le=MOST_CHARTS)
    offset: Whole = Field(default=0, ge=0, le=LAST_OFFSET)


class ChartList(BaseModel):
    """Some of the charts that were asked for, by name, and how many there are."""

    charts: list[ChartSummary]
    total: int = Field(
        description="Counted up to 10,000; 10,001 or 1,001 stand for more than that."
    )


class ChartAnswer(BaseModel):
    """A chart's facesheet."""

    id: str
    mrn: str
    location: str | None
    patient: PersonAnswer
    contacts: list[PersonAnswer]
    coverages: list[CoverageAnswer]
    alerts: list[AlertAnswer]

    @classmethod
    def of(cls, sheet: Facesheet) -> Self:
        """Return a facesheet as the API shows it."""
        return cls(
            id=sheet.chart.id,
            mrn=sheet.chart.mrn,
            location=sheet.chart.location_id,
            patient=PersonAnswer.of(sheet.patient),
            contacts=[PersonAnswer.of(row) for row in sheet.contacts],
            coverages=[CoverageAnswer.of(row) for row in sheet.coverages],
            alerts=[AlertAnswer.of(row) for row in sheet.alerts],
        )
