"""Organisations, charts, the people on them and their insurances."""

from base64 import b64encode
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from chassis.columns import time_column
from contracts.chart import Logo, Relationship
from services.chart_service.models.tables import Table


class Organization(Table, table=True):
    """A treatment centre, as its mails and pages present it."""

    __tablename__ = "organizations"

    id: str = Field(primary_key=True)
    name: str
    phone: str
    logo_media_type: str | None = None
    logo: bytes | None = None
    portal_enabled: bool = True
    invitation_days: int = 7
    reminder_days: int | None = None
    messages_enabled: bool = False
    sections_off: list[str] = Field(
        default=[], sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    age_of_majority: int = 18
    death_ends_access: bool = True
    discharge_ends_access: bool = False
    time_zone: str = "UTC"
    birth_date_check: bool = False

    @property
    def logo_value(self) -> Logo | None:
        """The logo as events and the API carry it."""
        return logo_of(self.logo_media_type, self.logo)


class Chart(Table, table=True):
    """A patient's chart; MRN is the organisation's medical record number."""

    __tablename__ = "charts"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.id"]),
        ForeignKeyConstraint(
            ["organization_id", "location_id"], ["locations.organization_id", "locations.id"]
        ),
    )

    organization_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    mrn: str
    created_at: datetime = time_column()
    location_id: str | None = None
    """The organisation's place that the chart belongs to: its mails show that one's brand."""


class Person(Table, table=True):
    """The patient of a chart, or a contact on it."""

    __tablename__ = "people"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "chart_id"], ["charts.organization_id", "charts.id"]
        ),
        Index(
            "people_patient",
            "organization_id",
            "chart_id",
            unique=True,
            postgresql_where=text("relationship = 'Patient'"),
        ),
        Index(
            "people_patients_by_name",
            "organization_id",
            "family_name",
            "given_name",
            "chart_id",
            postgresql_where=text("relationship = 'Patient'"),
        ),
        Index(
            "people_patients_by_birth",
            "organization_id",
            "birth_date",
            postgresql_where=text("relationship = 'Patient'"),
        ),
    )

    organization_id: str = Field(primary_key=True)
    chart_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    relationship: str
    given_name: str
    family_name: str
    preferred_name: str | None = None
    birth_date: date | None = None
    gender: str | None = None
    gender_identity: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    language: str | None = None
    """In which they are written to, as BCP 47 names it."""
    deceased: bool = False
    ended: bool = False
    discharged: bool = False
    of_age: bool = False
    """Of a patient: of the organisation's age of majority; kept by of_age.py."""
    imported: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    """What the last FHIR bundle said, so that the next one changes only what is new in it."""

    @property
    def name(self) -> str:
        """The legal name."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def is_patient(self) -> bool:
        """Whether this is whose chart it is."""
        return self.relationship == Relationship.PATIENT


class Coverage(Table, table=True):
    """An insurance of the patient's."""

    __tablename__ = "coverages"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "chart_id"], ["charts.organization_id", "charts.id"]
        ),
    )

    organization_id: str = Field(primary_key=True)
    chart_id: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    payer: str
    plan: str | None = None
    member_id: str | None = None


def logo_of(media_type: str | None, content: bytes | None) -> Logo | None:
    """Return two columns of a row as events and the API carry a logo."""
    if content is None or media_type is None:
        return None
    return Logo(media_type=media_type, content=b64encode(content))
