"""What a portal user sees of a chart: a field without its scope is not there."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from contracts.scopes import Role


class Seen(BaseModel):
    """A row of the chart, as far as portal users see it."""

    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def of(cls, row: Any) -> Self:
        """Return what is seen of a row."""
        return cls.model_validate(row)


class CoverageSeen(Seen):
    """An insurance of the patient's."""

    payer: str
    plan: str | None
    member_id: str | None


class EpisodeSeen(Seen):
    """A stay or treatment; open while it has no end."""

    program: str
    provider: str | None
    admitted_on: date | None
    discharged_on: date | None


class AppointmentSeen(Seen):
    """When the patient meets whom, and where or by which link."""

    id: str
    title: str
    starts_at: datetime
    ends_at: datetime | None
    provider: str | None
    place: str | None
    telehealth_url: str | None
    is_group: bool
    cancelled: bool


class DispensedSeen(Seen):
    """What the patient takes, and where it is dispensed, as roles without the section see it."""

    name: str
    dosage: str | None
    pharmacy: str | None


class MedicationSeen(DispensedSeen):
    """What the patient takes, who prescribed it, and since when."""

    prescriber: str | None
    started_on: date | None
    is_active: bool


class ContactSeen(Seen):
    """Somebody on the chart besides the patient."""

    name: str
    relationship: str
    phone: str | None


class DocumentSeen(Seen):
    """An evaluation or consent that is shared, without its content."""

    id: str
    kind: str
    title: str
    author: str | None
    written_on: date | None
    media_type: str
    size: int


class DocumentRead(DocumentSeen):
    """A shared document; its text, if it is one."""

    text: str | None = None


class OutcomeSeen(Seen):
    """A score of an outcome measure."""

    measure: str
    score: Decimal
    unit: str | None
    taken_at: datetime


class PlanSeen(Seen):
    """A plan of treatment that is shared."""

    id: str
    title: str
    status: str | None
    starts_on: date | None
    ends_on: date | None
    goals: list[str]


class FileSeen(Seen):
    """A file that who looks has uploaded, without its content."""

    id: str
    kind: str
    file_name: str
    media_type: str
    size: int
    uploaded_at: datetime


class AccessAnswer(BaseModel):
    """Whose chart it is."""

    chart: str
    role: Role
    legal_name: str
    mrn: str
    preferred_name: str | None = None


class DashboardAnswer(AccessAnswer):
    """What stands on the dashboard; appointments are those ahead, the next one first."""

    birth_date: date | None
    gender: str | None
    phone: str | None
    email: str | None
    address: str | None
    has_photo: bool
    insurance: list[CoverageSeen]
    episodes: list[EpisodeSeen]
    appointments: list[AppointmentSeen]
    medications: list[DispensedSeen]
    unread_messages: int | None = None


class InformationAnswer(BaseModel):
    """Who the patient is, as far as the role may see."""

    legal_name: str
    preferred_name: str | None = None
    birth_date: date | None
    gender: str | None
    gender_identity: str | None = None
    phone: str | None
    email: str | None
    address: str | None
    insurance: list[CoverageSeen]
    contacts: list[ContactSeen]
