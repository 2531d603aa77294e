"""Who signs in to the pages, and who fails to."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from chassis.columns import time_column
from services.chart_service.models.tables import Table


class StaffRole(StrEnum):
    """What somebody may do: staff invite and work on charts, an admin manages the portal, too."""

    STAFF = "staff"
    ADMIN = "admin"


class Staff(Table, table=True):
    """Someone who signs in to the pages; an address belongs to one of them."""

    __tablename__ = "staff"
    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organizations.id"]),)

    id: UUID = Field(primary_key=True)
    organization_id: str
    email: str = Field(unique=True)
    name: str
    password_hash: str
    role: str = StaffRole.STAFF.value
    is_active: bool = True

    @property
    def is_admin(self) -> bool:
        """Whether accounts, settings, users and the audit log are this person's to manage."""
        return self.role == StaffRole.ADMIN


class SignInFailures(Table, table=True):
    """How often someone failed to sign in, by the hash of an address or of a network address."""

    __tablename__ = "sign_in_failures"

    source: bytes = Field(primary_key=True)
    window_start: datetime = time_column(primary_key=True)
    failures: int
