"""Columns that the services' tables have in common."""

from typing import Any

from sqlalchemy import DateTime
from sqlmodel import Field


def time_column(**options: Any) -> Any:
    """Return a field for a point in time; it is stored with its zone."""
    return Field(sa_type=DateTime(timezone=True), **options)
