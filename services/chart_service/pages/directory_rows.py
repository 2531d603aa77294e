"""Inviting, resending and revoking from a row of the directory.

With scripts the row asks and answers in its place; without, a page asks and leads back.
"""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Row

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.problems import ProblemError
from contracts.envelope import Identifier, Invitee
from services.chart_service import commands, facesheet, queries
from services.chart_service.pages import forms, standing_words, words
from services.chart_service.pages.directory_view import View
from services.chart_service.pages.visits import SignedIn, Visit

Way = Literal["invite", "resend", "revoke"]

_DONE: dict[str, str] = {"revoke": "revoked"}
_MESSAGES = {
    "invite": "Invitation requested.",
    "resend": "New invitation requested. The earlier link stops working.",
    "revoke": "Asked for the invitation to be taken back.",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says where something was asked or done: a question, a result, a problem."""

    way: str | None = None
    message: str | None = None
    problem: str | None = None


def routes(database: Database) -> APIRouter:
    """Return the pages over this database, for staff who signed in."""
    router = APIRouter()

    @router.get("/directory/people/{chart}/{person}")
    async def show(visit: SignedIn, chart: Identifier, person: Identifier) -> Response:
        return await _row(visit, chart, person, Said())

    @router.get("/directory/people/{chart}/{person}/{way}")
    async def ask(visit: SignedIn, chart: Identifier, person: Identifier, way: Way) -> Response:
        return await _row(visit, chart, person, Said(way))

    @router.post("/directory/people/{chart}/{person}/{way}", dependencies=[Depends(protect)])
    async def answer(visit: SignedIn, chart: Identifier, person: Identifier, way: Way) -> Response:
        invitee = Invitee(organization=visit.organization.id, chart=chart, person=person)
        entered = await forms.values(visit.request)
        try:
            await _do(visit, invitee, way, entered)
        except ProblemError as problem:
            return await _row(visit, chart, person, Said(problem=problem.detail), problem.status)
        if not _is_in_place(visit):
            view = View.of(visit.request.query_params)
            home = view.href()
            done = _DONE.get(way, "requested")
            address = f"{home}{'&' if '?' in home else '?'}done={done}"
            return RedirectResponse(address, status_code=303)
        return await _row(visit, chart, person, Said(message=_MESSAGES[way]))

    async def _do(visit: Visit, invitee: Invitee, way: Way, entered: dict[str, str]) -> None:
        async with database.transaction() as tx:
            if way == "revoke":
                await commands.invitations.revoke(tx, invitee, visit.actor)
                return
            await commands.invitations.invite(
                tx, invitee, entered.get("email", ""), visit.actor, _id_in(entered)
            )

    async def _row(
        visit: Visit, chart: str, person: str, said: Said, status: int = 200
    ) -> Response:
        async with database.transaction() as tx:
            entry = await queries.directory_list.entry(tx, visit.organization.id, chart, person)
        if entry is None:
            raise facesheet.unknown("person")
        if _is_in_place(visit):
            # htmx shows no answer of a failure; what went wrong is said in the row.
            return _render(visit, "directory_row.html", 200, entry, said)
        return _render(visit, "directory_ask.html", status, entry, said)

    return router


def _is_in_place(visit: Visit) -> bool:
    return visit.request.headers.get("hx-request") == "true"


def _render(visit: Visit, template: str, status: int, entry: Row[Any], said: Said) -> Response:
    return visit.render(
        template,
        status,
        entry=entry,
        said=said,
        # Made with the question, so that answering it twice asks for one invitation.
        invitation_id=uuid4(),
        view=View.of(visit.request.query_params),
        standing=standing_words,
        words=words,
    )


def _id_in(entered: dict[str, str]) -> UUID:
    try:
        return UUID(entered.get("invitation_id", ""))
    except ValueError as error:
        sentence = "This form was not complete. Check the address and send the invitation again."
        raise ProblemError(422, "form_incomplete", sentence) from error
