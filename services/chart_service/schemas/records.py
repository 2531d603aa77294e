"""Bodies about what a chart holds besides people."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Base64Bytes,
    BaseModel,
    BeforeValidator,
    Field,
    HttpUrl,
    model_validator,
)

from contracts.scopes import Role
from services.chart_service.files import MOST_BYTES
from services.chart_service.models import AttachmentKind, DocumentKind, RecordKind
from services.chart_service.schemas.fields import Body, Day, Flag, Id, Line

_YEARS = range(1900, 2200)
MOST_RECORDS = 1000
"""The most records of a kind in one request."""


def _written(sent: object) -> object:
    # Pydantic takes numbers, be they in quotes, for seconds since 1970.
    if isinstance(sent, datetime) or (isinstance(sent, str) and sent[4:5] == "-"):
        return sent
    raise ValueError("a time is written like 2026-03-02T09:30:00-05:00")


def _a_number(sent: object) -> object:
    if isinstance(sent, str | bool):
        raise ValueError("a score is a number, without quotes")  # noqa: TRY004 - for pydantic
    return sent


def _in_our_time(moment: datetime) -> datetime:
    if moment.year not in _YEARS:
        raise ValueError("the year must be between 1900 and 2199")
    return moment


Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_in_our_time)]

Content = Annotated[
    Base64Bytes,
    Field(max_length=MOST_BYTES, description="In base64; its type is found by looking at it."),
]

Roles = Annotated[
    list[Role],
    Field(
        max_length=10,
        description="Which roles see it in the portal; read when it is new and never after.",
    ),
]


class RecordBody(Body):
    """What a record is."""

    def row(self) -> dict[str, Any]:
        """Return the columns of the record's table."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class EpisodeBody(RecordBody):
    """A stay or treatment; open while it has no end."""

    program: Line
    provider: Line | None = None
    admitted_on: Day | None = None
    discharged_on: Day | None = None


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


class MedicationBody(RecordBody):
    """What the patient takes, and where it is dispensed."""

    name: Line
    dosage: Line | None = None
    prescriber: Line | None = None
    pharmacy: Line | None = None
    started_on: Day | None = None
    is_active: Flag = True


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
        return super().row() | {"shared_with": _names(self.shared_with)}


class DocumentFields(RecordBody):
    """What is said of a document besides its content."""

    kind: DocumentKind
    title: Line
    author: Line | None = None
    written_on: Day | None = None
    shared_with: Roles = Field(default=[])

    def row(self) -> dict[str, Any]:
        """Return the columns, the roles once each."""
        return super().row() | {"shared_with": _names(self.shared_with)}


class DocumentBody(DocumentFields):
    """An evaluation or consent: plain text in UTF-8, a PDF, a PNG or a JPEG."""

    content: Content


class AttachmentFields(RecordBody):
    """What is said of a file from outside besides its content."""

    kind: AttachmentKind
    file_name: Line


class AttachmentBody(AttachmentFields):
    """A file from outside: a PDF, a PNG or a JPEG."""

    content: Content


class Episode(EpisodeBody):
    """A stay or treatment with its id."""

    id: Id


class Appointment(AppointmentBody):
    """An appointment with its id."""

    id: Id


class Outcome(OutcomeBody):
    """A score with its id."""

    id: Id


class Medication(MedicationBody):
    """A medication with its id."""

    id: Id


class TreatmentPlan(TreatmentPlanBody):
    """A plan of treatment with its id."""

    id: Id


class Document(DocumentBody):
    """A document with its id."""

    id: Id


class Attachment(AttachmentBody):
    """A file from outside with its id."""

    id: Id


class Records(Body):
    """Many records of a chart at once."""

    episodes: list[Episode] = Field(default=[], max_length=MOST_RECORDS)
    appointments: list[Appointment] = Field(default=[], max_length=MOST_RECORDS)
    documents: list[Document] = Field(default=[], max_length=MOST_RECORDS)
    outcomes: list[Outcome] = Field(default=[], max_length=MOST_RECORDS)
    treatment_plans: list[TreatmentPlan] = Field(default=[], max_length=MOST_RECORDS)
    medications: list[Medication] = Field(default=[], max_length=MOST_RECORDS)
    attachments: list[Attachment] = Field(default=[], max_length=MOST_RECORDS)

    def given(self) -> dict[RecordKind, list[RecordBody]]:
        """Return the records by kind, without kinds of which there are none."""
        return {kind: getattr(self, kind.value) for kind in RecordKind if getattr(self, kind.value)}

    @model_validator(mode="after")
    def _names_nothing_twice(self) -> Self:
        for name in type(self).model_fields:
            records = getattr(self, name)
            if len({record.id for record in records}) < len(records):
                raise ValueError(f"an id among {name} is there twice")
        return self


class Sharing(Body):
    """Which roles see a document or plan in the portal."""

    shared_with: Annotated[list[Role], Field(max_length=10)]


class DocumentAnswer(DocumentFields):
    """A document without its content."""

    id: Id
    media_type: str
    size: int = Field(description="In bytes.")


class AttachmentAnswer(AttachmentFields):
    """A file from outside without its content."""

    id: Id
    media_type: str
    size: int = Field(description="In bytes.")
    uploaded_by: str
    uploaded_at: datetime


class RecordsSaved(BaseModel):
    """How many records of each kind are new or changed."""

    changed: dict[str, int]

    @classmethod
    def of(cls, changes: dict[Any, dict[str, bool]]) -> Self:
        """Return what a save changed, as the API shows it."""
        return cls(changed={kind.value: len(ids) for kind, ids in changes.items()})


def _names(roles: list[Role]) -> list[str]:
    return [role.value for role in Role if role in roles]
