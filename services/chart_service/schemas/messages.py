"""What portal users see of their messages, and what they send."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, StringConstraints

from services.chart_service.models import LONGEST_MESSAGE, LONGEST_SUBJECT
from services.chart_service.schemas.access import Seen
from services.chart_service.schemas.fields import NO_CONTROL, Body, Flag

Subject = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=LONGEST_SUBJECT, pattern=NO_CONTROL
    ),
]
Text = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=LONGEST_MESSAGE, pattern=r"^[^\x00]*$"
    ),
]


class RecipientSeen(Seen):
    """A member of staff who can be written to; never their address."""

    id: UUID
    name: str


class ThreadSeen(BaseModel):
    """A conversation of who looks, and with whom; `unread` counts what staff wrote."""

    id: UUID
    subject: str | None
    recipient: str
    last_at: datetime
    unread: int


class ThreadsAnswer(BaseModel):
    """One's conversations, those with the newest message first; the archived ones apart."""

    threads: list[ThreadSeen]
    archived: list[ThreadSeen]


class MessageSeen(BaseModel):
    """A message; the name is that of a member of staff."""

    from_staff: bool
    name: str | None
    body: str
    sent_at: datetime


class ThreadRead(BaseModel):
    """A conversation with its messages, the oldest first."""

    id: UUID
    subject: str | None
    recipient: str
    archived: bool
    messages: list[MessageSeen]
    unread: int
    """In all other conversations together."""


class ReplyBody(Body):
    """A message to a conversation; the same one in the same submission is kept once."""

    submission: UUID
    body: Text


class ThreadBody(ReplyBody):
    """The first message of a conversation."""

    recipient: UUID
    subject: Subject | None = None


class ThreadAnswer(BaseModel):
    """Where a message went."""

    id: UUID


class ArchiveBody(Body):
    """Whether a conversation is put away."""

    archived: Flag
