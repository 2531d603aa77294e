"""Invitations of many people at once."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlmodel import Field

from chassis.columns import time_column
from services.chart_service.models.tables import Table


class ItemState(StrEnum):
    """What became of one person of a bulk invitation."""

    QUEUED = "queued"
    REQUESTED = "requested"
    REFUSED = "refused"


class BulkInvite(Table, table=True):
    """People whom somebody chose to invite; nothing is sent before it is confirmed."""

    __tablename__ = "bulk_invites"

    organization_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    created_by: str
    created_at: datetime = time_column()
    confirmed_at: datetime | None = time_column(default=None, nullable=True)


class BulkInviteItem(Table, table=True):
    """One of them: the address that was shown, and the id that the invitation will have.

    The id is fixed before anybody confirms, so that doing it twice invites once.
    """

    __tablename__ = "bulk_invite_items"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "bulk_id"], ["bulk_invites.organization_id", "bulk_invites.id"]
        ),
        Index(
            "bulk_invite_items_queued",
            *("organization_id", "bulk_id", "position"),
            postgresql_where=text("state = 'queued'"),
        ),
    )

    organization_id: str = Field(primary_key=True)
    bulk_id: UUID = Field(primary_key=True)
    position: int = Field(primary_key=True)
    chart_id: str
    person_id: str
    email: str | None = None
    invitation_id: UUID
    state: str
    reason: str | None = None
