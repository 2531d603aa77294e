"""What portal users write to staff; whether they may is decided in api/access/grants.py."""

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Transaction
from chassis.web.problems import ProblemError
from contracts.envelope import Invitee
from services.chart_service import audit, commands, facesheet, queries, throttle
from services.chart_service.audit import Act, Action
from services.chart_service.models import Message, MessageThread


@dataclass(frozen=True, slots=True)
class Post:
    """What a person on a chart writes; its id makes sure that it is kept once."""

    id: UUID
    sender: Invitee
    account: str
    """Who writes, as the audit log names them."""
    body: str


async def start(tx: Transaction, post: Post, recipient: UUID, subject: str | None) -> None:
    """Begin a thread with a member of staff; its id is the post's.

    Raises:
        ProblemError: 422, nobody here whom portal users may write to; 429, too many messages.
    """
    if recipient not in {
        one.id for one in await queries.staff.recipients(tx, post.sender.organization)
    }:
        sentence = "This person receives no messages. Choose somebody else."
        raise ProblemError(422, "recipient_unknown", sentence)
    thread = MessageThread(
        organization_id=post.sender.organization,
        id=post.id,
        chart_id=post.sender.chart,
        person_id=post.sender.person,
        staff_id=recipient,
        subject=subject,
        last_at=tx.now,
    )
    if await queries.messages.add_thread(tx, thread):
        await _keep(tx, thread.id, post)


async def reply(tx: Transaction, post: Post, thread_id: UUID) -> None:
    """Write to a thread that is there, even if who it is with gets no new ones any more.

    Raises:
        ProblemError: 404, no such thread of the sender's; 429, too many messages.
    """
    await own_thread(tx, post.sender, thread_id)
    await _keep(tx, thread_id, post)


async def own_thread(tx: Transaction, person: Invitee, thread_id: UUID) -> MessageThread:
    """Return a thread of a person on a chart.

    Raises:
        ProblemError: 404, there is none, or it is somebody else's.
    """
    where = (person.organization, person.chart)
    thread = await commands.messages.known_thread(tx, *where, thread_id)
    if thread.person_id != person.person:
        raise facesheet.unknown("message")
    return thread


async def _keep(tx: Transaction, thread_id: UUID, post: Post) -> None:
    message = Message(
        organization_id=post.sender.organization,
        id=post.id,
        thread_id=thread_id,
        from_staff=False,
        sent_by=post.account,
        body=post.body,
        sent_at=tx.now,
    )
    if await queries.messages.add_message(tx, message):
        await _count(tx, post)
        sent = Action.MESSAGE_SENT
        await audit.record(tx, Act.on(post.sender, post.account, sent, thread=str(thread_id)))


async def _count(tx: Transaction, post: Post) -> None:
    if not await throttle.count_message(tx, post.account):
        sentence = "You sent many messages in a short time. Wait 15 minutes and try again."
        raise ProblemError(429, "messages_throttled", sentence)
