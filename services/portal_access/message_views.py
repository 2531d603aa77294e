"""The visitor's messages, as chart_service tells them."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel


class Recipient(BaseModel):
    """A member of staff who can be written to."""

    id: UUID
    name: str


class Conversation(BaseModel):
    """A conversation, and with whom; `unread` counts what staff wrote."""

    id: UUID
    subject: str | None = None
    recipient: str
    last_at: datetime
    unread: int = 0


class Conversations(BaseModel):
    """All that the visitor has on the chart, those with the newest message first."""

    threads: list[Conversation] = []
    archived: list[Conversation] = []

    @property
    def unread(self) -> int:
        """How many messages there are to read."""
        return sum(one.unread for one in (*self.threads, *self.archived))


class Letter(BaseModel):
    """A message; the name is that of a member of staff."""

    from_staff: bool
    name: str | None = None
    body: str
    sent_at: datetime


class Thread(BaseModel):
    """A conversation with its messages, the oldest first; `unread` is in all others together."""

    id: UUID
    subject: str | None = None
    recipient: str
    archived: bool = False
    messages: list[Letter] = []
    unread: int = 0


class Sent(BaseModel):
    """Where a message went."""

    id: UUID
