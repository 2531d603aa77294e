"""What staff and portal users write to each other, thread by thread.

A thread is between one person on a chart and the organisation, in which a member of staff was
written to or wrote first; others on the chart may answer. Each side archives for itself.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlmodel import Field

from chassis.columns import time_column
from services.chart_service.models.tables import Table

LONGEST_SUBJECT = 200
"""In characters, as is that of messages."""
LONGEST_MESSAGE = 10_000


class MessageThread(Table, table=True):
    """A conversation with one person on a chart."""

    __tablename__ = "message_threads"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "chart_id"], ["charts.organization_id", "charts.id"]
        ),
        ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        Index("message_threads_by_chart", "organization_id", "chart_id", "person_id", "last_at"),
    )

    organization_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    chart_id: str
    person_id: str
    staff_id: UUID
    subject: str | None = None
    last_at: datetime = time_column()
    archived_by_staff: bool = False
    archived_by_person: bool = False


class Message(Table, table=True):
    """One message; `sent_by` is who wrote it as the audit log names them.

    `read_at` is when the other side saw it: of staff who the thread is with, or who answers.
    """

    __tablename__ = "messages"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "thread_id"],
            ["message_threads.organization_id", "message_threads.id"],
        ),
        Index("messages_by_thread", "organization_id", "thread_id", "sent_at"),
        Index(
            "messages_unread_by_staff",
            "organization_id",
            "thread_id",
            postgresql_where=text("NOT from_staff AND read_at IS NULL"),
        ),
    )

    organization_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    thread_id: UUID
    from_staff: bool
    sent_by: str
    body: str
    sent_at: datetime = time_column()
    read_at: datetime | None = time_column(default=None, nullable=True)
