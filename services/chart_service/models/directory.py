"""The Portal Directory: how each person of an organisation stands with the portal."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Index, String
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field

from chassis.columns import time_column
from services.chart_service.models.tables import Table

_BYTEWISE = "C"
"""The collation of what is sorted by: sort names are made for it, and it never changes."""


class Status(StrEnum):
    """How a person stands with the portal."""

    NOT_INVITED = "not_invited"
    PENDING = "pending"
    EXPIRED = "expired"
    BOUNCED = "bounced"
    ACTIVE = "active"
    DISABLED = "disabled"
    NOT_ELIGIBLE = "not_eligible"


class DirectoryEntry(Table, table=True):
    """A person's standing, made from the chart, its alerts and its portal access (directory.py).

    `refusal` is why the chart itself would refuse to invite. The row may stand here before its
    chart does; then it has neither name nor status, and no list shows it.
    """

    __tablename__ = "directory_entries"
    __table_args__ = (
        Index("directory_entries_by_name", "organization_id", "sort_name", "chart_id", "person_id"),
        Index(
            "directory_entries_by_status",
            *("organization_id", "status", "sort_name", "chart_id", "person_id"),
        ),
        Index(
            "directory_entries_by_change", "organization_id", "changed_at", "chart_id", "person_id"
        ),
    )

    organization_id: str = Field(primary_key=True)
    chart_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    sort_name: str | None = Field(
        default=None, sa_column=Column(String(collation=_BYTEWISE), nullable=True)
    )
    refusal: str | None = None
    status: str | None = Field(
        default=None, sa_column=Column(String(collation=_BYTEWISE), nullable=True)
    )
    reason: str | None = None
    detail: str | None = None
    since: datetime | None = time_column(default=None, nullable=True)
    changed_at: datetime = time_column()


class PersonSearch(Table, table=True):
    """The words by which a person is found, and what those who are found are listed by.

    The latter is the directory entry's: to join thousands of entries, but for one page, is slow.
    """

    __tablename__ = "person_searches"
    __table_args__ = (
        Index("person_searches_words", "words", postgresql_using="gin"),
        Index("person_searches_by_name", "organization_id", "sort_name", "chart_id", "person_id"),
    )

    organization_id: str = Field(primary_key=True)
    chart_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    sort_name: str = Field(sa_column=Column(String(collation=_BYTEWISE), nullable=False))
    status: str | None = Field(
        default=None, sa_column=Column(String(collation=_BYTEWISE), nullable=True)
    )
    changed_at: datetime = time_column()
    words: str = Field(sa_column=Column(TSVECTOR, nullable=False))


class ChartSearch(Table, table=True):
    """The words by which a chart is found, of all people on it, and its patient's sort name."""

    __tablename__ = "chart_searches"
    __table_args__ = (
        Index("chart_searches_by_name", "organization_id", "sort_name", "chart_id"),
        Index("chart_searches_words", "words", postgresql_using="gin"),
    )

    organization_id: str = Field(primary_key=True)
    chart_id: str = Field(primary_key=True)
    sort_name: str = Field(sa_column=Column(String(collation=_BYTEWISE), nullable=False))
    words: str = Field(sa_column=Column(TSVECTOR, nullable=False))


class DirectoryRefresh(Table, table=True):
    """An organisation whose entries are made anew, chart by chart, and how far that has come."""

    __tablename__ = "directory_refreshes"

    organization_id: str = Field(primary_key=True)
    after_chart: str
