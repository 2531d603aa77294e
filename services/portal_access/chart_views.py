"""What the portal shows of a chart, as chart_service tells it; what a role may not see is none."""

from datetime import date, datetime

from pydantic import BaseModel

from chassis.web.languages import gettext, marked

GENDERS = {
    "male": marked("Male"),
    "female": marked("Female"),
    "other": marked("Other"),
    "unknown": marked("Not known"),
}
"""FHIR's administrative gender in words; staff may have entered others, which stay as they are."""


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


class Medication(BaseModel):
    """What the patient takes, and where it is dispensed."""

    name: str
    dosage: str | None = None
    prescriber: str | None = None
    pharmacy: str | None = None
    started_on: date | None = None
    is_active: bool = True


class Dashboard(BaseModel):
    """What stands on the dashboard; appointments are those ahead, the next one first."""

    legal_name: str
    mrn: str
    preferred_name: str | None = None
    birth_date: date | None = None
    gender: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    has_photo: bool = False
    insurance: list[Coverage] = []
    episodes: list[Episode] = []
    appointments: list[Appointment] = []
    medications: list[Medication] = []

    @property
    def gender_in_words(self) -> str | None:
        """The administrative gender in the language of the page, None if it is not known here."""
        return gettext(GENDERS.get(self.gender, self.gender.capitalize())) if self.gender else None
