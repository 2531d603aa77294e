"""The part of Mailpit's HTTP API that tests need, with Mailpit's names and shapes."""

import hashlib
import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import PlainTextResponse

from devstack.inbox.mail import Address, Mail, Part
from devstack.inbox.mailbox import Mailbox
from devstack.inbox.search import find

router = APIRouter(prefix="/api/v1")

Json = dict[str, Any]
Start = Annotated[int, Query(ge=0)]
Limit = Annotated[int, Query(ge=0)]
# Types that a browser would run or render as a page of this origin.
ACTIVE_TYPES = {
    "text/html",
    "text/xml",
    "application/xhtml+xml",
    "application/xml",
    "image/svg+xml",
}


def mailbox_of(request: Request) -> Mailbox:
    """Return the mailbox of this application."""
    mailbox: Mailbox = request.app.state.mailbox
    return mailbox


def mail_of(mail_id: str, mailbox: Annotated[Mailbox, Depends(mailbox_of)]) -> Mail:
    """Return the mail that the path names, or answer 404."""
    mail = mailbox.get(mail_id)
    if mail is None:
        raise HTTPException(404, f"There is no mail {mail_id}: deleted, or from before a restart.")
    return mail


TheMailbox = Annotated[Mailbox, Depends(mailbox_of)]
TheMail = Annotated[Mail, Depends(mail_of)]


@router.get("/messages")
async def messages(mailbox: TheMailbox, start: Start = 0, limit: Limit = 50) -> Json:
    """List mails, newest first."""
    return _summary(mailbox, list(mailbox), start, limit)


@router.get("/search")
async def search(mailbox: TheMailbox, query: str, start: Start = 0, limit: Limit = 50) -> Json:
    """List the mails that match a query, newest first."""
    if not query.strip():
        raise HTTPException(400, "The query is empty; try to:someone@example.org.")
    return _summary(mailbox, find(mailbox, query), start, limit)


@router.delete("/messages")
async def delete(request: Request, mailbox: TheMailbox) -> PlainTextResponse:
    """Delete the mails in {"IDs": […]}, or all when none are named."""
    body = await request.body()
    try:
        mail_ids = json.loads(body).get("IDs") if body else None
    except (ValueError, AttributeError) as error:
        raise HTTPException(400, 'The body must be JSON like {"IDs": ["…"]}, or empty.') from error
    if mail_ids:
        mailbox.remove(mail_ids)
    else:
        mailbox.clear()
    return PlainTextResponse("ok")


@router.get("/message/{mail_id}")
async def message(mail: TheMail, mailbox: TheMailbox) -> Json:
    """Show one mail, by its id or "latest", and mark it as read."""
    mailbox.mark_read(mail)
    inline = [part for part in mail.parts if part.inline]
    attached = [part for part in mail.parts if not part.inline]
    return _envelope(mail) | {
        "ReturnPath": mail.sender,
        "Date": mail.date.isoformat(),
        "Text": mail.text,
        "HTML": mail.html,
        "Inline": [_attachment(part) for part in inline],
        "Attachments": [_attachment(part) for part in attached],
        "ListUnsubscribe": {"Header": "", "Links": [], "Errors": "", "HeaderPost": ""},
    }


@router.get("/message/{mail_id}/headers")
async def headers(mail: TheMail) -> dict[str, list[str]]:
    """Show the header of one mail."""
    names = dict.fromkeys(mail.headers.keys())
    return {name: [str(value) for value in mail.headers.get_all(name, [])] for name in names}


@router.get("/message/{mail_id}/raw")
async def raw(mail: TheMail) -> Response:
    """Show the source of one mail."""
    return Response(mail.raw, media_type="text/plain; charset=utf-8")


@router.get("/message/{mail_id}/part/{number}")
async def part(mail: TheMail, number: str) -> Response:
    """Return the content of one attachment or inline file."""
    for candidate in mail.parts:
        if candidate.number == number:
            return _download(candidate)
    raise HTTPException(404, f"The mail has no part {number}.")


def _download(part: Part) -> Response:
    active = part.content_type in ACTIVE_TYPES
    return Response(
        part.content,
        media_type="application/octet-stream" if active else part.content_type,
        headers={"Content-Disposition": "attachment" if active else "inline"},
    )


def _summary(mailbox: Mailbox, found: list[Mail], start: int, limit: int) -> Json:
    page = found[start : start + limit]
    return {
        "total": len(mailbox),
        "unread": mailbox.unread(),
        "count": len(page),
        "messages_count": len(found),
        "messages_unread": mailbox.unread(found),
        "start": start,
        "tags": [],
        "messages": [_message_summary(mail, mailbox) for mail in page],
    }


def _message_summary(mail: Mail, mailbox: Mailbox) -> Json:
    return _envelope(mail) | {
        "Read": mailbox.is_read(mail),
        "Created": mail.received.isoformat(),
        "Attachments": sum(not part.inline for part in mail.parts),
        "Snippet": mail.snippet,
    }


def _envelope(mail: Mail) -> Json:
    """What the list and the single mail have in common."""
    return {
        "ID": mail.id,
        "MessageID": mail.message_id,
        "From": _addresses([mail.author])[0],
        "To": _addresses(mail.addresses("To")),
        "Cc": _addresses(mail.addresses("Cc")),
        "Bcc": _addresses(mail.blind_recipients),
        "ReplyTo": _addresses(mail.addresses("Reply-To")),
        "Subject": mail.subject,
        "Username": "",
        "Tags": [],
        "Size": len(mail.raw),
    }


def _addresses(people: list[Address]) -> list[dict[str, str]]:
    return [{"Name": person.name, "Address": person.address} for person in people]


def _attachment(part: Part) -> Json:
    return {
        "PartID": part.number,
        "FileName": part.file_name,
        "ContentType": part.content_type,
        "ContentID": part.content_id,
        "Size": len(part.content),
        "Checksums": {"SHA256": hashlib.sha256(part.content).hexdigest()},
    }
