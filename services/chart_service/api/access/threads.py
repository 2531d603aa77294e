"""One conversation of My Messages: read it, answer, and put it away."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request

from services.chart_service import commands, queries
from services.chart_service.api.access.grants import Grants, Look
from services.chart_service.api.access.messages import SCOPE, name_of, post_in
from services.chart_service.audit import Action
from services.chart_service.models import Message
from services.chart_service.schemas.messages import (
    ArchiveBody,
    MessageSeen,
    ReplyBody,
    ThreadAnswer,
    ThreadRead,
)


def routes(grants: Grants) -> APIRouter:
    """Return a conversation, and what can be done with it."""
    router = APIRouter(include_in_schema=False)

    @router.get("/messages/{thread}")
    async def read(request: Request, thread: UUID) -> ThreadRead:
        """Return a conversation; what staff wrote in it counts as read then."""
        viewed = Action.MESSAGES_VIEWED
        async with grants.look(request, SCOPE, action=viewed, thread=str(thread)) as look:
            return await _read(look, thread)

    @router.post("/messages/{thread}/replies", status_code=201)
    async def reply(request: Request, thread: UUID, sent: ReplyBody) -> ThreadAnswer:
        """Answer; the same form with the same words is sent once."""
        async with grants.look(request, SCOPE) as look:
            post = post_in(look, sent, str(thread))
            await commands.portal_messages.reply(look.tx, post, thread)
        return ThreadAnswer(id=thread)

    @router.put("/messages/{thread}/archived", status_code=204)
    async def archive(request: Request, thread: UUID, sent: ArchiveBody) -> None:
        """Put a conversation away, or bring it back; staff's list stays as it is."""
        detail = {"thread": str(thread), "archived": sent.archived}
        action = Action.MESSAGES_ARCHIVED
        async with grants.look(request, SCOPE, action=action, **detail) as look:
            await commands.portal_messages.own_thread(look.tx, look.invitee, thread)
            await queries.messages.archive(
                look.tx, look.grant.organization, thread, by_staff=False, archived=sent.archived
            )

    return router


async def _read(look: Look, thread: UUID) -> ThreadRead:
    person = look.invitee
    found = await commands.portal_messages.own_thread(look.tx, person, thread)
    await queries.messages.mark_read(look.tx, person.organization, thread, by_staff=False)
    messages = await queries.messages.messages(look.tx, person.organization, thread)
    names = await queries.staff.names(look.tx, person.organization)
    return ThreadRead(
        id=found.id,
        subject=found.subject,
        recipient=name_of(found.staff_id, names),
        archived=found.archived_by_person,
        messages=[_seen(one, names) for one in messages],
        unread=await queries.messages.unread_by_person(look.tx, person),
    )


def _seen(message: Message, names: Mapping[str, str]) -> MessageSeen:
    name = names.get(message.sent_by) if message.from_staff else None
    return MessageSeen(
        from_staff=message.from_staff, name=name, body=message.body, sent_at=message.sent_at
    )
