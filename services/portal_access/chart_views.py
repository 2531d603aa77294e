"""What the portal shows of a chart, as chart_service tells it; what a role may not see is none."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from pydantic import BaseModel

from chassis.web.languages import gettext, marked
from contracts.chart import Relationship

GENDERS = {
    "male": marked("Male"),
    "female": marked("Female"),
    "other": marked("Other"),
    "unknown": marked("Not known"),
}
"""FHIR's administrative gender in words; staff may have entered others, which stay as they are."""

RELATIONSHIPS = {
    Relationship.PATIENT: marked("Patient"),
    Relationship.GUARDIAN: marked("Guardian"),
    Relationship.GUARANTOR: marked("Guarantor"),
    Relationship.PARENT: marked("Parent"),
    Relationship.SPOUSE: marked("Spouse"),
    Relationship.SIBLING: marked("Sibling"),
    Relationship.CHILD: marked("Child"),
    Relationship.FRIEND: marked("Friend"),
    Relationship.EMERGENCY_CONTACT: marked("Emergency contact"),
    Relationship.OTHER: marked("Other"),
}


class Coverage(BaseModel):
    """An insurance of the patient's."""

    payer: str
    plan: str | None = None
    member_id: str | None = None


class Episode(BaseModel):
    """A stay or treatment; open while it has no end."""

    program: str
    provider: str | None = None
    admitted_on: date | None = None
    discharged_on: date | None = None


class Appointment(BaseModel):
    """When the patient meets whom, and where or by which link."""

    id: str
    title: str
    starts_at: datetime
    ends_at: datetime | None = None
    provider: str | None = None
    place: str | None = None
    telehealth_url: str | None = None
    is_group: bool = False
    cancelled: bool = False

    @property
    def ends(self) -> datetime:
        """When it ends: as the chart says, else after an hour."""
        return self.ends_at or self.starts_at + timedelta(hours=1)


class Medication(BaseModel):
    """What the patient takes, and where it is dispensed."""

    name: str
    dosage: str | None = None
    prescriber: str | None = None
    pharmacy: str | None = None
    started_on: date | None = None
    is_active: bool = True


class Patient(BaseModel):
    """Who the patient is; what the role may not see is none."""

    legal_name: str
    preferred_name: str | None = None
    birth_date: date | None = None
    gender: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None

    @property
    def gender_in_words(self) -> str | None:
        """The administrative gender in the language of the page, None if it is not known here."""
        return gettext(GENDERS.get(self.gender, self.gender.capitalize())) if self.gender else None


class Dashboard(Patient):
    """What stands on the dashboard; appointments are those ahead, the next one first."""

    mrn: str
    has_photo: bool = False
    insurance: list[Coverage] = []
    episodes: list[Episode] = []
    appointments: list[Appointment] = []
    medications: list[Medication] = []
    unread_messages: int = 0


class Contact(BaseModel):
    """Somebody on the chart besides the patient."""

    name: str
    relationship: Relationship
    phone: str | None = None

    @property
    def relationship_in_words(self) -> str:
        """What they are to the patient, in the language of the page."""
        return gettext(RELATIONSHIPS[self.relationship])


class Information(Patient):
    """What My Information shows."""

    gender_identity: str | None = None
    insurance: list[Coverage] = []
    contacts: list[Contact] = []


class Document(BaseModel):
    """An evaluation or consent that is shared; read one by one it has its text, if it is one."""

    id: str
    kind: str
    title: str
    author: str | None = None
    written_on: date | None = None
    media_type: str
    size: int
    text: str | None = None

    @property
    def is_text(self) -> bool:
        """Whether it can be read on a page."""
        return self.media_type.startswith("text/plain")


class Score(BaseModel):
    """A score of an outcome measure."""

    measure: str
    score: Decimal
    unit: str | None = None
    taken_at: datetime


class TreatmentPlan(BaseModel):
    """A plan of treatment that is shared, with its goals."""

    id: str
    title: str
    status: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    goals: list[str] = []


class UploadedFile(BaseModel):
    """A file that the visitor has uploaded."""

    id: str
    kind: str
    file_name: str
    media_type: str
    size: int
    uploaded_at: datetime
