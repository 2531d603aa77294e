"""Tables of organisations as the portal knows them, and of people whose access depends on them."""

from datetime import datetime

from sqlalchemy import Column, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from chassis.columns import time_column
from services.portal_access.models.tables import Table


class Brand(Table, table=True):
    """A copy of how an organisation shows itself, and of its settings that count here."""

    __tablename__ = "brands"

    organization_id: str = Field(primary_key=True)
    name: str
    phone: str
    logo_media_type: str | None = None
    logo: bytes | None = None
    portal_enabled: bool
    messages_enabled: bool = False
    sections_off: list[str] = Field(
        default=[], sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    death_ends_access: bool = True
    discharge_ends_access: bool = False
    time_zone: str = "UTC"
    birth_date_check: bool = False
    changed_at: datetime = time_column()


class Policy(Table, table=True):
    """A version of the terms or the privacy policy of an organisation."""

    __tablename__ = "policies"

    organization_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    text: str
    published_at: datetime = time_column()


class Person(Table, table=True):
    """A copy of what decides whether a person on a chart keeps their access, and who is told."""

    __tablename__ = "people"
    __table_args__ = (
        Index(
            "people_gone",
            "organization_id",
            "chart_id",
            postgresql_where=text("relationship = 'Patient' AND (deceased OR discharged)"),
        ),
    )

    organization_id: str = Field(primary_key=True)
    chart_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    relationship: str
    given_name: str
    email: str | None = None
    language: str | None = None
    deceased: bool
    ended: bool
    discharged: bool
    of_age: bool
    changed_at: datetime = time_column()
