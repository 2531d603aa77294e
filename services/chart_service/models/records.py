"""What a chart holds besides people: care, documents, plans, medications, files.

An id is the EMR's own, unique on its chart. `shared_with` names the roles of contracts/scopes.py
that see a document or plan in the portal (ROLE_TABLE.md, notes).
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Column, ForeignKeyConstraint, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from chassis.columns import time_column
from services.chart_service.models.tables import Table


def _of_chart() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["organization_id", "chart_id"], ["charts.organization_id", "charts.id"]
    )


def _roles() -> Column[list[str]]:
    return Column(ARRAY(Text), nullable=False, server_default="{}")


class RecordKind(StrEnum):
    """What a chart holds, by the names of the tables."""

    EPISODES = "episodes"
    APPOINTMENTS = "appointments"
    DOCUMENTS = "documents"
    OUTCOMES = "outcomes"
    TREATMENT_PLANS = "treatment_plans"
    MEDICATIONS = "medications"
    ATTACHMENTS = "attachments"

    @property
    def path(self) -> str:
        """The name as addresses have it."""
        return self.value.replace("_", "-")


class RecordKey(NamedTuple):
    """Which record: its kind, its chart and its id."""

    kind: RecordKind
    organization_id: str
    chart_id: str
    id: str


class DocumentKind(StrEnum):
    """What a document is, by the role table's words."""

    EVALUATION = "evaluation"
    CONSENT = "consent"


class AttachmentKind(StrEnum):
    """What a file from outside shows."""

    IDENTITY_CARD = "identity_card"
    INSURANCE_CARD = "insurance_card"
    PICTURE = "picture"
    OTHER = "other"


class Episode(Table, table=True):
    """A stay or treatment from admission to discharge; open while it has no end."""

    __tablename__ = "episodes"
    __table_args__ = (_of_chart(),)

    organization_id: str = Field(primary_key=True)
    chart_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    program: str
    provider: str | None = None
    admitted_on: date | None = None
    discharged_on: date | None = None


class Appointment(Table, table=True):
    """When the patient meets whom, and where or by which link."""

    __tablename__ = "appointments"
    __table_args__ = (
        _of_chart(),
        Index("appointments_by_time", "organization_id", "chart_id", "starts_at"),
    )

    organization_id: str = Field(primary_key=True)
    chart_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    title: str
    starts_at: datetime = time_column()
    ends_at: datetime | None = time_column(default=None, nullable=True)
    provider: str | None = None
    place: str | None = None
    telehealth_url: str | None = None
    is_group: bool = False
    cancelled: bool = False


class Document(Table, table=True):
    """An evaluation or a consent: a text, or a file of a media type."""

    __tablename__ = "documents"
    __table_args__ = (_of_chart(),)

    organization_id: str = Field(primary_key=True)
    chart_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    kind: str
    title: str
    author: str | None = None
    written_on: date | None = None
    media_type: str
    content: bytes
    shared_with: list[str] = Field(default=[], sa_column=_roles())


class Outcome(Table, table=True):
    """A score of an outcome measure; the portal shows all of them to the patient alone."""

    __tablename__ = "outcomes"
    __table_args__ = (_of_chart(),)

    organization_id: str = Field(primary_key=True)
    chart_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    measure: str
    score: Decimal
    unit: str | None = None
    taken_at: datetime = time_column()


class TreatmentPlan(Table, table=True):
    """A plan of treatment with its goals, a line each."""

    __tablename__ = "treatment_plans"
    __table_args__ = (_of_chart(),)

    organization_id: str = Field(primary_key=True)
    chart_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    title: str
    status: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    goals: list[str] = Field(
        default=[], sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    shared_with: list[str] = Field(default=[], sa_column=_roles())


class Medication(Table, table=True):
    """What the patient takes, and where it is dispensed."""

    __tablename__ = "medications"
    __table_args__ = (_of_chart(),)

    organization_id: str = Field(primary_key=True)
    chart_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    name: str
    dosage: str | None = None
    prescriber: str | None = None
    pharmacy: str | None = None
    started_on: date | None = None
    is_active: bool = True


class Attachment(Table, table=True):
    """A file from outside: uploaded by staff, or by a portal user under My Files."""

    __tablename__ = "attachments"
    __table_args__ = (_of_chart(),)

    organization_id: str = Field(primary_key=True)
    chart_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    kind: str
    file_name: str
    media_type: str
    content: bytes
    uploaded_by: str
    uploaded_at: datetime = time_column()
