"""My Messages: whom one can write to, one's own conversations, and the way to begin one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Request
from sqlalchemy import Row

from services.chart_service import commands, queries
from services.chart_service.api.access.grants import Grants, Look
from services.chart_service.commands.portal_messages import Post
from services.chart_service.schemas.messages import (
    RecipientSeen,
    ReplyBody,
    ThreadAnswer,
    ThreadBody,
    ThreadsAnswer,
    ThreadSeen,
)

SCOPE = "messages"


def routes(grants: Grants) -> APIRouter:
    """Return one's conversations, whom to write to, and the way to begin."""
    router = APIRouter(include_in_schema=False)

    @router.get("/message-recipients")
    async def recipients(request: Request) -> list[RecipientSeen]:
        """List the members of staff who can be written to, by name."""
        async with grants.look(request, SCOPE) as look:
            found = await queries.staff.recipients(look.tx, look.grant.organization)
        return [RecipientSeen.of(one) for one in found]

    @router.get("/messages")
    async def threads(request: Request) -> ThreadsAnswer:
        """Return the conversations of who asks on this chart."""
        async with grants.look(request, SCOPE) as look:
            grant = look.grant
            found = await queries.messages.threads(
                look.tx, grant.organization, grant.chart, grant.person
            )
            names = await queries.staff.names(look.tx, grant.organization)
        return ThreadsAnswer(
            threads=[_seen(one, names) for one in found if not one.archived_by_person],
            archived=[_seen(one, names) for one in found if one.archived_by_person],
        )

    @router.post("/messages", status_code=201)
    async def start(request: Request, sent: ThreadBody) -> ThreadAnswer:
        """Begin a conversation; the same form with the same words begins one alone."""
        async with grants.look(request, SCOPE) as look:
            post = post_in(look, sent, str(sent.recipient), sent.subject or "")
            await commands.portal_messages.start(look.tx, post, sent.recipient, sent.subject)
        return ThreadAnswer(id=post.id)

    return router


def post_in(look: Look, sent: ReplyBody, *to: str) -> Post:
    """Return what was sent, with an id that is made of all that makes it another message."""
    named = "\n".join((look.grant.chart, look.actor, *to, sent.body))
    return Post(uuid5(sent.submission, named), look.invitee, look.actor, sent.body)


def _seen(row: Row[Any], names: Mapping[str, str]) -> ThreadSeen:
    return ThreadSeen(
        id=row.id,
        subject=row.subject,
        recipient=name_of(row.staff_id, names),
        last_at=row.last_at,
        unread=row.unread_by_person,
    )


def name_of(staff_id: UUID, names: Mapping[str, str]) -> str:
    """Return the name of a member of staff."""
    return names[f"staff:{staff_id}"]
