"""chart_service's tables; each row names its organisation."""

from base64 import b64encode
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from chassis.columns import time_column
from contracts.chart import Logo, Relationship


class AlertState(StrEnum):
    """What is known of an invitation, as its alert on the facesheet says it."""

    REQUESTED = "requested"
    ISSUED = "issued"
    SENT = "sent"
    BOUNCED = "bounced"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    EXPIRED = "expired"
    CLEARED = "cleared"


class Table(SQLModel, registry=registry()):
    """The base of this service's tables; other services' are not among them."""


class Organization(Table, table=True):
    """A treatment centre, as its mails and pages present it."""

    __tablename__ = "organizations"

    id: str = Field(primary_key=True)
    name: str
    phone: str
    logo_media_type: str | None = None
    logo: bytes | None = None
    portal_enabled: bool
    invitation_days: int

    @property
    def logo_value(self) -> Logo | None:
        """The logo as events and the API carry it."""
        if self.logo is None or self.logo_media_type is None:
            return None
        return Logo(media_type=self.logo_media_type, content=b64encode(self.logo))


class Chart(Table, table=True):
    """A patient's chart; MRN is the organisation's medical record number."""

    __tablename__ = "charts"
    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organizations.id"]),)

    organization_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    mrn: str
    created_at: datetime = time_column()


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
    deceased: bool = False
    ended: bool = False
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


class Alert(Table, table=True):
    """An invitation as the facesheet shows it: the highest-ranking news of it.

    It may stand here before its chart does, and without it; then no facesheet shows it.
    """

    __tablename__ = "alerts"
    __table_args__ = (Index("alerts_chart", "organization_id", "chart_id"),)

    organization_id: str = Field(primary_key=True)
    invitation_id: UUID = Field(primary_key=True)
    chart_id: str
    person_id: str
    role: str
    state: str
    rank: int
    detail: str | None = None
    requested_at: datetime | None = time_column(default=None, nullable=True)
    updated_at: datetime = time_column()


class Staff(Table, table=True):
    """Someone who signs in to the pages; an address belongs to one of them."""

    __tablename__ = "staff"
    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organizations.id"]),)

    id: UUID = Field(primary_key=True)
    organization_id: str
    email: str = Field(unique=True)
    name: str
    password_hash: str


class SignInFailures(Table, table=True):
    """How often someone failed to sign in, by the hash of an address or of a network address."""

    __tablename__ = "sign_in_failures"

    source: bytes = Field(primary_key=True)
    window_start: datetime = time_column(primary_key=True)
    failures: int
