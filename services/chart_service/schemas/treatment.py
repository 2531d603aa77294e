"""Bodies about a treatment: its stays, appointments, measures, medications and plans."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, HttpUrl

from services.chart_service.schemas.fields import Day, Flag, Id, Line
from services.chart_service.schemas.record_fields import Moment, RecordBody, Roles, role_names


def _a_number(sent: object) -> object:
    if isinstance(sent, str | bool):
        raise ValueError("a score is a number, without quotes")  # noqa: TRY004 - for pydantic
    return sent


class EpisodeBody(RecordBody):
    """A stay or treatment; open while it has no end."""

    program: Line
    provider: Line | None = None
    admitted_on: Day | None = None
    discharged_on: Day | None = None


class Episode(EpisodeBody):
    """A stay or treatment with its id."""

    id: Id


class AppointmentBody(RecordBody):
    """When the patient meets whom, and where or by which link."""

    title: Line
    starts_at: Moment
    ends_at: Moment | None = None
    provider: Line | None = None
    place: Line | None = None
    telehealth_url: Annotated[HttpUrl, Field(max_length=1000)] | None = None
    is_group: Flag = False
    cancelled: Flag = False

    def row(self) -> dict[str, Any]:
        """Return the columns, the link as text."""
        link = str(self.telehealth_url) if self.telehealth_url else None
        return super().row() | {"telehealth_url": link}


class Appointment(AppointmentBody):
    """An appointment with its id."""

    id: Id


class OutcomeBody(RecordBody):
    """A score of an outcome measure."""

    measure: Line
    score: Annotated[
        float,
        BeforeValidator(_a_number),
        Field(ge=-1_000_000, le=1_000_000, allow_inf_nan=False),
    ]
    unit: Line | None = None
    taken_at: Moment

    def row(self) -> dict[str, Any]:
        """Return the columns, the score as it was written."""
        return super().row() | {"score": Decimal(str(self.score))}


class Outcome(OutcomeBody):
    """A score with its id."""

    id: Id


class MedicationBody(RecordBody):
    """What the patient takes, and where it is dispensed."""

    name: Line
    dosage: Line | None = None
    prescriber: Line | None = None
    pharmacy: Line | None = None
    started_on: Day | None = None
    is_active: Flag = True


class Medication(MedicationBody):
    """A medication with its id."""

    id: Id


class TreatmentPlanBody(RecordBody):
    """A plan of treatment with its goals, a line each."""

    title: Line
    status: Line | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    goals: list[Line] = Field(default=[], max_length=100)
    shared_with: Roles = Field(default=[])

    def row(self) -> dict[str, Any]:
        """Return the columns, the roles once each."""
        return super().row() | {"shared_with": role_names(self.shared_with)}


class TreatmentPlan(TreatmentPlanBody):
    """A plan of treatment with its id."""

    id: Id
