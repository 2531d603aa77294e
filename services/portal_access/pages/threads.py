"""One conversation of My messages: read it, answer, and put it away."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from chassis.web.csrf import protect
from services.portal_access import message_words
from services.portal_access.charts import ChartRefusedError, Charts
from services.portal_access.message_views import Thread
from services.portal_access.message_words import Errors
from services.portal_access.pages.messages import LIST, OnMessages, Text
from services.portal_access.sections import MESSAGES
from services.portal_access.visits import ChartVisit

_THREAD = f"{LIST}/{{thread}}"


def routes(charts: Charts) -> APIRouter:
    """Return a conversation's page, and what can be done on it."""
    router = APIRouter()

    @router.get(_THREAD)
    async def show(visit: OnMessages, thread: UUID, done: str = "") -> Response:
        """Show a conversation, which is read then."""
        return await _page(charts, visit, thread, sent=done == "sent")

    @router.post(_THREAD, dependencies=[Depends(protect)])
    async def reply(
        visit: OnMessages, thread: UUID, submission: Annotated[UUID, Form()], body: Text = ""
    ) -> Response:
        """Answer."""
        body = message_words.cleaned(body)
        if errors := message_words.wrong_with_body(body):
            return await _page(charts, visit, thread, body, errors)
        sent = {"submission": str(submission), "body": body}
        path = f"/messages/{thread}/replies"
        try:
            await charts.call(visit.connection, "POST", path, json=sent)
        except ChartRefusedError as error:
            return await _page(charts, visit, thread, body, message_words.refusal(error))
        return RedirectResponse(f"{_list(visit)}/{thread}?done=sent", 303)

    @router.post(f"{_THREAD}/archive", dependencies=[Depends(protect)])
    async def archive(visit: OnMessages, thread: UUID, archived: Text = "") -> Response:
        """Put a conversation away, or bring it back."""
        away = archived == "yes"
        path = f"/messages/{thread}/archived"
        await charts.call(visit.connection, "PUT", path, json={"archived": away})
        return RedirectResponse(f"{_list(visit)}?done={'archived' if away else 'restored'}", 303)

    return router


async def _page(
    charts: Charts,
    visit: ChartVisit,
    thread: UUID,
    body: str = "",
    errors: Errors | None = None,
    *,
    sent: bool = False,
) -> Response:
    found = await charts.get(visit.connection, f"/messages/{thread}", Thread)
    values = {"thread": found, "unread": found.unread, "body": body, "sent": sent}
    status = 422 if errors else 200
    return visit.render("thread.html", status, errors=errors or [], submission=uuid4(), **values)


def _list(visit: ChartVisit) -> str:
    return f"{visit.address}/{MESSAGES.path}"
