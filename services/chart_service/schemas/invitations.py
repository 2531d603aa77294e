"""Bodies about invitations and their alerts."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.scopes import Role
from services.chart_service import alerts
from services.chart_service.models import Alert, AlertState
from services.chart_service.schemas.fields import Body, Line


class AlertAnswer(BaseModel):
    """An invitation's alert on the facesheet."""

    invitation_id: UUID
    person: str
    role: Role
    state: AlertState
    message: str
    requested_at: datetime | None
    updated_at: datetime
    asked_at: datetime | None = Field(
        description="When the invitee asked for a new invitation; null unless they did."
    )

    @classmethod
    def of(cls, row: Alert) -> Self:
        """Return an alert as the API shows it."""
        return cls(**row.model_dump(), person=row.person_id, message=alerts.message_of(row))


class InvitationBody(Body):
    """The address that was confirmed to be right; without it the one on file is used."""

    email: Line | None = None


class Requested(BaseModel):
    """The invitation that was asked for; its alert tells what becomes of it."""

    invitation_id: UUID


class RevocationRequested(BaseModel):
    """The request that an invitation be revoked; the alert goes when that was done."""

    request_id: UUID
