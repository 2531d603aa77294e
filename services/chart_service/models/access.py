"""Who has access to a chart through the portal, as far as events tell."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from chassis.columns import time_column
from services.chart_service.models.tables import Table


class AccessState(StrEnum):
    """Whether a portal account sees the chart: now, not while it is disabled, or no longer."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


class PortalAccess(Table, table=True):
    """What an account is on a chart in a role, by the newest news of it.

    A person may have had several accounts, by invitations to several addresses. The row may stand
    here before its chart does. `reason` says why access ended (contracts.access.AccessEndReason).
    """

    __tablename__ = "portal_access_state"

    organization_id: str = Field(primary_key=True)
    chart_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    account_id: UUID = Field(primary_key=True)
    invitation_id: UUID
    state: str
    reason: str | None = None
    at: datetime = time_column()
