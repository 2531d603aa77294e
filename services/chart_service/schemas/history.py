"""Bodies about the history of invitations."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.scopes import Role
from services.chart_service.history import InvitationHistory, Step
from services.chart_service.models import HistoryStep


class StepAnswer(BaseModel):
    """A step of an invitation, or of the access that came of it."""

    step: Step
    at: datetime
    actor: str = Field(description="Who: an id, `emr`, `invitee`, or `system` for Portico itself.")
    detail: str | None = Field(description="The reason, where there is one.")

    @classmethod
    def of(cls, row: HistoryStep) -> Self:
        """Return a step as the API shows it."""
        return cls(step=Step(row.step), at=row.at, actor=row.actor or "system", detail=row.detail)


class HistoryAnswer(BaseModel):
    """All that happened to one invitation, newest first; never its link or an address."""

    invitation_id: UUID
    role: Role
    steps: list[StepAnswer]

    @classmethod
    def of(cls, one: InvitationHistory) -> Self:
        """Return an invitation's history as the API shows it."""
        steps = [StepAnswer.of(row) for row in one.steps]
        return cls(invitation_id=one.invitation_id, role=Role(one.role), steps=steps)
