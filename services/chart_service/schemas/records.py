"""Bodies about many records of a chart at once, and about who sees one."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, model_validator

from contracts.scopes import Role
from services.chart_service.models import RecordKind
from services.chart_service.schemas.fields import Body
from services.chart_service.schemas.record_fields import RecordBody
from services.chart_service.schemas.record_files import Attachment, Document
from services.chart_service.schemas.treatment import (
    Appointment,
    Episode,
    Medication,
    Outcome,
    TreatmentPlan,
)

MOST_RECORDS = 1000
"""The most records of a kind in one request."""


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


class RecordsSaved(BaseModel):
    """How many records of each kind are new or changed."""

    changed: dict[str, int]

    @classmethod
    def of(cls, changes: dict[Any, dict[str, bool]]) -> Self:
        """Return what a save changed, as the API shows it."""
        return cls(changed={kind.value: len(ids) for kind, ids in changes.items()})
