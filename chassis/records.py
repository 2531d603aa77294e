"""What a service knows now of a person's invitations, for the ops console: no name, no address."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

CALLER = "ops_console"
MOST_INVITATIONS = 100


class Record(BaseModel):
    """One thing that a service knows: how it stands, and since when; or when it is due."""

    what: str
    invitation_id: UUID | None = None
    state: str
    at: datetime | None = None
    detail: str = ""


class Records(BaseModel):
    """All that a service knows of a person."""

    records: list[Record]
