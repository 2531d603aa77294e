"""What administrators set besides the organisation itself: its places, and its texts."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from chassis.columns import time_column
from contracts.chart import Logo
from services.chart_service.models.charts import logo_of
from services.chart_service.models.tables import Table


class Location(Table, table=True):
    """One of an organisation's places; what it has not of its own is the organisation's."""

    __tablename__ = "locations"
    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organizations.id"]),)

    organization_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    name: str
    phone: str | None = None
    logo_media_type: str | None = None
    logo: bytes | None = None
    ended: bool = False

    @property
    def logo_value(self) -> Logo | None:
        """The logo as events and the API carry it."""
        return logo_of(self.logo_media_type, self.logo)


class Policy(Table, table=True):
    """A version of the terms or the privacy policy; what was published is never changed."""

    __tablename__ = "policies"
    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organizations.id"]),)

    organization_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    text: str
    published_at: datetime = time_column()
    published_by: str
    """Who, as the audit log names them."""
