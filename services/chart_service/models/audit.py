"""The audit log: who looked at a chart or did something, when, and to whom."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from chassis.columns import time_column
from services.chart_service.models.tables import Table


class AuditEntry(Table, table=True):
    """One act. The database refuses to change or delete it (a trigger of the migration).

    `actor` is `staff:<id>`, `client:<id>`, `operator`, `portal:<account>` or `system`; `detail`
    names what changed, never what it was or is.
    """

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("audit_log_by_time", "organization_id", "at", "id"),
        Index("audit_log_by_chart", "organization_id", "chart_id", "at", "id"),
        Index("audit_log_by_actor", "organization_id", "actor", "at", "id"),
        Index("audit_log_by_action", "organization_id", "action", "at", "id"),
    )

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True)
    )
    organization_id: str
    at: datetime = time_column()
    actor: str
    action: str
    chart_id: str | None = None
    person_id: str | None = None
    detail: dict[str, Any] = Field(default={}, sa_column=Column(JSONB, nullable=False))
