"""My messages: the visitor's conversations with staff, and the form that begins one."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from chassis.web.csrf import protect
from services.portal_access import message_words
from services.portal_access.charts import ChartRefusedError, Charts
from services.portal_access.message_views import Conversation, Conversations, Recipient, Sent
from services.portal_access.message_words import Errors
from services.portal_access.sections import MESSAGES
from services.portal_access.visits import CHART, ChartVisit, in_section

OnMessages = Annotated[ChartVisit, Depends(in_section(MESSAGES))]
Text = Annotated[str, Form()]

LIST = f"{CHART}/{MESSAGES.path}"


def routes(charts: Charts) -> APIRouter:
    """Return the lists of conversations, and the form for a new one."""
    router = APIRouter()

    @router.get(LIST)
    async def show(visit: OnMessages, done: str = "") -> Response:
        """List the conversations that are not put away."""
        found = await charts.get(visit.connection, "/messages", Conversations)
        return _list(visit, found.threads, found.unread, done=done)

    @router.get(f"{LIST}/archived")
    async def archived(visit: OnMessages) -> Response:
        """List the others."""
        found = await charts.get(visit.connection, "/messages", Conversations)
        return _list(visit, found.archived, found.unread, archived=True)

    @router.get(f"{LIST}/new")
    async def ask(visit: OnMessages) -> Response:
        """Ask for a message."""
        return await _form(charts, visit, {"recipient": "", "subject": "", "body": ""}, [])

    @router.post(f"{LIST}/new", dependencies=[Depends(protect)])
    async def start(
        visit: OnMessages,
        submission: Annotated[UUID, Form()],
        recipient: Text = "",
        subject: Text = "",
        body: Text = "",
    ) -> Response:
        """Begin a conversation."""
        subject, body = message_words.on_one_line(subject), message_words.cleaned(body)
        entered = {"recipient": recipient, "subject": subject, "body": body}
        if errors := message_words.wrong_with(recipient, subject, body):
            return await _form(charts, visit, entered, errors)
        sent = entered | {"subject": subject or None, "submission": str(submission)}
        try:
            answer = await charts.call(visit.connection, "POST", "/messages", json=sent)
        except ChartRefusedError as error:
            return await _form(charts, visit, entered, message_words.refusal(error))
        begun = Sent.model_validate_json(answer.content)
        return RedirectResponse(f"{visit.address}/{MESSAGES.path}/{begun.id}?done=sent", 303)

    return router


def _list(
    visit: ChartVisit,
    threads: list[Conversation],
    unread: int,
    *,
    archived: bool = False,
    done: str = "",
) -> Response:
    values: dict[str, Any] = {"threads": threads, "unread": unread, "archived": archived}
    return visit.render("messages.html", **values, done=done)


async def _form(
    charts: Charts, visit: ChartVisit, entered: dict[str, str], errors: Errors
) -> Response:
    found = await charts.get_all(visit.connection, "/message-recipients", Recipient)
    options = [(str(one.id), one.name) for one in found]
    values = {"options": options, "entered": entered, "errors": errors, "submission": uuid4()}
    return visit.render("new_message.html", 422 if errors else 200, **values)
