"""Invitations as the facesheet shows them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from chassis.columns import time_column
from services.chart_service.models.tables import Table


class AlertState(StrEnum):
    """What is known of an invitation, as its alert on the facesheet says it."""

    REQUESTED = "requested"
    ISSUED = "issued"
    SENT = "sent"
    BOUNCED = "bounced"
    REMINDED = "reminded"
    OPENED = "opened"
    LOCKED = "locked"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    CLEARED = "cleared"
    ASKED = "asked"
    """Nothing is known yet but that its invitee asked for a new one."""


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
    asked_at: datetime | None = time_column(default=None, nullable=True)
    """When its invitee last asked for a new one."""
    dismissed_at: datetime | None = time_column(default=None, nullable=True)
    dismissed_by: str | None = None


class HistoryStep(Table, table=True):
    """A step of an invitation or of the access that came of it: when, by whom, and why."""

    __tablename__ = "invitation_history"
    __table_args__ = (
        Index("invitation_history_by_person", "organization_id", "chart_id", "person_id"),
    )

    organization_id: str = Field(primary_key=True)
    event_id: UUID = Field(primary_key=True)
    chart_id: str
    person_id: str
    invitation_id: UUID
    role: str
    step: str
    at: datetime = time_column()
    actor: str | None = None
    detail: str | None = None
