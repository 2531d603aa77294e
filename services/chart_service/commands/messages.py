"""What staff write to portal users, where the organisation has turned messages on.

Who is written to gets a mail that says only that there is a message.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.database import Transaction
from chassis.web.problems import ProblemError
from contracts.chart import MessageSent, MessageSentData
from contracts.envelope import Invitee
from services.chart_service import audit, facesheet, queries
from services.chart_service.audit import Act, Action
from services.chart_service.models import Message, MessageThread, Organization, Staff


@dataclass(frozen=True, slots=True)
class Letter:
    """What a member of staff writes; its id makes sure that it is sent once."""

    id: UUID
    staff_id: UUID
    body: str
    subject: str | None = None

    @property
    def actor(self) -> str:
        """Who writes, as events and the audit log name them."""
        return f"staff:{self.staff_id}"


async def start(tx: Transaction, to: Invitee, letter: Letter) -> UUID:
    """Begin a thread with somebody on a chart; return its id, which is the letter's.

    Raises:
        ProblemError: 404, no such person; 409, messages are off, or nobody would see it.
    """
    known = await facesheet.person(tx, to.organization, to.chart, to.person)
    await _check(tx, to)
    thread = MessageThread(
        organization_id=to.organization,
        id=letter.id,
        chart_id=to.chart,
        person_id=known.id,
        staff_id=letter.staff_id,
        subject=letter.subject,
        last_at=tx.now,
    )
    if await queries.messages.add_thread(tx, thread):
        await _send(tx, thread, letter)
    return letter.id


async def reply(
    tx: Transaction, organization_id: str, chart_id: str, thread_id: UUID, letter: Letter
) -> None:
    """Write to a thread that is there.

    Raises:
        ProblemError: 404, no such thread; 409, messages are off, or nobody would see it.
    """
    thread = await known_thread(tx, organization_id, chart_id, thread_id)
    await _check(tx, _invitee(thread))
    await _send(tx, thread, letter)
    # Whoever answers has seen what there was, and no colleague needs to any more.
    await queries.messages.mark_read(tx, organization_id, thread_id, by_staff=True)


async def read(
    tx: Transaction, reader: Staff, chart_id: str, thread_id: UUID
) -> tuple[MessageThread, Sequence[Message]]:
    """Return a thread with its messages, which count as read if they are the reader's to read.

    Raises:
        ProblemError: 404, no such thread.
    """
    organization_id = reader.organization_id
    thread = await known_thread(tx, organization_id, chart_id, thread_id)
    if await _is_for(tx, thread, reader):
        await queries.messages.mark_read(tx, organization_id, thread_id, by_staff=True)
    await _note(tx, thread, f"staff:{reader.id}", Action.MESSAGES_VIEWED)
    return thread, await queries.messages.messages(tx, organization_id, thread_id)


async def archive(tx: Transaction, thread: MessageThread, actor: str, *, archived: bool) -> None:
    """Put a thread out of staff's way, or bring it back; the portal user's list stays as it is."""
    await queries.messages.archive(
        tx, thread.organization_id, thread.id, by_staff=True, archived=archived
    )
    await _note(tx, thread, actor, Action.MESSAGES_ARCHIVED, archived=archived)


async def known_thread(
    tx: Transaction, organization_id: str, chart_id: str, thread_id: UUID
) -> MessageThread:
    """Return a thread of a chart.

    Raises:
        ProblemError: 404, there is none.
    """
    thread = await queries.messages.thread(tx, organization_id, chart_id, thread_id)
    if thread is None:
        raise facesheet.unknown("message")
    return thread


async def recipients(tx: Transaction, organization_id: str, chart_id: str) -> set[str]:
    """Return the ids of those on a chart who would see a message: they have an active account."""
    accounts = await queries.access.active_accounts(tx, organization_id, chart_id)
    return {account.person_id for account in accounts}


def require_messages(organization: Organization) -> None:
    """Make sure that the organisation uses messages.

    Raises:
        ProblemError: 409, it does not.
    """
    if not organization.messages_enabled:
        sentence = "Messages are switched off here. A portal administrator can turn them on."
        raise ProblemError(409, "messages_off", sentence)


async def _is_for(tx: Transaction, thread: MessageThread, reader: Staff) -> bool:
    # What was written to somebody who is gone is everybody's, so that it is not left lying.
    addressee = await queries.staff.staff(tx, thread.staff_id)
    return thread.staff_id == reader.id or addressee is None or not addressee.gets_messages


async def _check(tx: Transaction, to: Invitee) -> None:
    require_messages(await facesheet.known_organization(tx, to.organization))
    if to.person not in await recipients(tx, to.organization, to.chart):
        sentence = "This person has no active portal account, so nobody would see the message."
        raise ProblemError(409, "account_inactive", sentence)


async def _send(tx: Transaction, thread: MessageThread, letter: Letter) -> None:
    message = Message(
        organization_id=thread.organization_id,
        id=letter.id,
        thread_id=thread.id,
        from_staff=True,
        sent_by=letter.actor,
        body=letter.body,
        sent_at=tx.now,
    )
    if await queries.messages.add_message(tx, message):
        data = MessageSentData(invitee=_invitee(thread), message_id=letter.id, sent_at=tx.now)
        tx.publish(MessageSent.of(data))
        await _note(tx, thread, letter.actor, Action.MESSAGE_SENT)


async def _note(
    tx: Transaction, thread: MessageThread, actor: str, action: Action, **detail: object
) -> None:
    act = Act.on(_invitee(thread), actor, action, thread=str(thread.id), **detail)
    await audit.record(tx, act)


def _invitee(thread: MessageThread) -> Invitee:
    return Invitee(
        organization=thread.organization_id, chart=thread.chart_id, person=thread.person_id
    )
