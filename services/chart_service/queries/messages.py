"""SQL on messages between staff and portal users."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlmodel import col, select

from chassis.database import Transaction
from contracts.envelope import Invitee
from services.chart_service.models import Message, MessageThread


async def threads(
    tx: Transaction, organization_id: str, chart_id: str, person_id: str | None = None
) -> Sequence[Row[Any]]:
    """Return a chart's threads, those with the newest message first; or one person's of them.

    `unread` counts what portal users wrote and staff did not read, `unread_by_person` the others.
    """
    found = await tx.run(
        """
        SELECT t.*, count(m.id) AS messages,
            count(m.id) FILTER (WHERE NOT m.from_staff AND m.read_at IS NULL) AS unread,
            count(m.id) FILTER (WHERE m.from_staff AND m.read_at IS NULL) AS unread_by_person
        FROM message_threads t
            JOIN messages m ON m.organization_id = t.organization_id AND m.thread_id = t.id
        WHERE t.organization_id = :organization_id AND t.chart_id = :chart_id
            AND (CAST(:person_id AS varchar) IS NULL OR t.person_id = :person_id)
        GROUP BY t.organization_id, t.id
        ORDER BY t.last_at DESC, t.id
        """,
        organization_id=organization_id,
        chart_id=chart_id,
        person_id=person_id,
    )
    return found.all()


async def unread_by_person(tx: Transaction, person: Invitee) -> int:
    """Return how many messages of staff somebody on a chart has not read."""
    found = await threads(tx, person.organization, person.chart, person.person)
    return sum(one.unread_by_person for one in found)


async def thread(
    tx: Transaction, organization_id: str, chart_id: str, thread_id: UUID
) -> MessageThread | None:
    """Return a thread of a chart."""
    found = await tx.session.get(MessageThread, (organization_id, thread_id))
    return found if found and found.chart_id == chart_id else None


async def messages(tx: Transaction, organization_id: str, thread_id: UUID) -> Sequence[Message]:
    """Return a thread's messages, the oldest first."""
    found = await tx.session.exec(
        select(Message)
        .where(Message.organization_id == organization_id, Message.thread_id == thread_id)
        .order_by(col(Message.sent_at), col(Message.id))
    )
    return found.all()


async def add_thread(tx: Transaction, new: MessageThread) -> bool:
    """Insert a thread; False when it is there already."""
    added = await tx.run(
        """
        INSERT INTO message_threads (organization_id, id, chart_id, person_id, staff_id, subject,
            last_at, archived_by_staff, archived_by_person)
        VALUES (:organization_id, :id, :chart_id, :person_id, :staff_id, :subject,
            :last_at, :archived_by_staff, :archived_by_person)
        ON CONFLICT (organization_id, id) DO NOTHING RETURNING id
        """,
        **new.model_dump(),
    )
    return added.first() is not None


async def add_message(tx: Transaction, new: Message) -> bool:
    """Insert a message and bring its thread back to both; False when it is there already."""
    added = await tx.run(
        """
        INSERT INTO messages
            (organization_id, id, thread_id, from_staff, sent_by, body, sent_at, read_at)
        VALUES (:organization_id, :id, :thread_id, :from_staff, :sent_by, :body, :sent_at, :read_at)
        ON CONFLICT (organization_id, id) DO NOTHING RETURNING id
        """,
        **new.model_dump(),
    )
    if added.first() is None:
        return False
    await tx.run(
        """
        UPDATE message_threads
        SET last_at = :sent_at, archived_by_staff = false, archived_by_person = false
        WHERE organization_id = :organization_id AND id = :thread_id
        """,
        sent_at=new.sent_at,
        organization_id=new.organization_id,
        thread_id=new.thread_id,
    )
    return True


async def mark_read(
    tx: Transaction, organization_id: str, thread_id: UUID, *, by_staff: bool
) -> None:
    """Note that one side has seen what the other wrote."""
    await tx.run(
        """
        UPDATE messages SET read_at = :now
        WHERE organization_id = :organization_id AND thread_id = :thread_id
            AND from_staff <> :by_staff AND read_at IS NULL
        """,
        now=tx.now,
        organization_id=organization_id,
        thread_id=thread_id,
        by_staff=by_staff,
    )


async def archive(
    tx: Transaction, organization_id: str, thread_id: UUID, *, by_staff: bool, archived: bool
) -> None:
    """Put a thread away for one side, or bring it back."""
    await tx.run(
        """
        UPDATE message_threads SET
            archived_by_staff = CASE WHEN :by_staff THEN :archived ELSE archived_by_staff END,
            archived_by_person = CASE WHEN :by_staff THEN archived_by_person ELSE :archived END
        WHERE organization_id = :organization_id AND id = :thread_id
        """,
        organization_id=organization_id,
        thread_id=thread_id,
        by_staff=by_staff,
        archived=archived,
    )
