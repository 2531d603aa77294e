"""One conversation: read it, answer, and put it away."""

from dataclasses import replace
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.problems import ProblemError
from contracts.envelope import Identifier
from services.chart_service import commands, facesheet, queries
from services.chart_service.pages import forms, navigation, record_words, words
from services.chart_service.pages.forms import Errors
from services.chart_service.pages.messages import DONE, letter_in
from services.chart_service.pages.visits import SignedIn, Visit


def routes(database: Database) -> APIRouter:
    """Return the pages over this database, for staff who signed in."""
    router = APIRouter()

    @router.get("/charts/{chart}/messages/{thread}")
    async def show(visit: SignedIn, chart: Identifier, thread: UUID, done: str = "") -> Response:
        return await _thread_page(visit, chart, thread, {}, [], DONE.get(done))

    @router.post("/charts/{chart}/messages/{thread}", dependencies=[Depends(protect)])
    async def reply(visit: SignedIn, chart: Identifier, thread: UUID) -> Response:
        entered = await forms.values(visit.request)
        letter, errors = letter_in(visit, entered)
        if letter is None or errors:
            return await _thread_page(visit, chart, thread, entered, errors)
        try:
            async with database.transaction() as tx:
                await commands.messages.reply(tx, visit.organization.id, chart, thread, letter)
        except ProblemError as problem:
            if problem.status == 404:  # noqa: PLR2004 - RFC 9110
                raise
            return await _thread_page(visit, chart, thread, entered, [("body", problem.detail)])
        return RedirectResponse(f"/charts/{chart}/messages/{thread}?done=sent", status_code=303)

    @router.post("/charts/{chart}/messages/{thread}/archive", dependencies=[Depends(protect)])
    async def archive(visit: SignedIn, chart: Identifier, thread: UUID) -> Response:
        archived = (await forms.values(visit.request)).get("archived") == "yes"
        async with database.transaction() as tx:
            known = await commands.messages.known_thread(tx, visit.organization.id, chart, thread)
            await commands.messages.archive(tx, known, visit.actor, archived=archived)
        done = "archived" if archived else "restored"
        return RedirectResponse(f"/charts/{chart}/messages?done={done}", status_code=303)

    async def _thread_page(
        visit: Visit,
        chart: str,
        thread_id: UUID,
        entered: dict[str, str],
        errors: Errors,
        done: str | None = None,
    ) -> Response:
        async with database.transaction() as tx:
            sheet = await facesheet.load(tx, visit.organization.id, chart)
            thread, messages = await commands.messages.read(tx, visit.staff, chart, thread_id)
            names = await queries.staff.names(tx, visit.organization.id)
            active = await commands.messages.recipients(tx, visit.organization.id, chart)
            # What is read on this page is not waiting any more.
            waiting = await navigation.waiting(tx, visit.organization, visit.staff)
        return replace(visit, waiting=waiting).render(
            "thread.html",
            422 if errors else 200,
            sheet=sheet,
            thread=thread,
            messages=messages,
            names=names,
            may_write=visit.organization.messages_enabled and thread.person_id in active,
            letter_id=uuid4(),
            entered=entered,
            errors=errors,
            done=done,
            words=words,
            record_words=record_words,
        )

    return router
