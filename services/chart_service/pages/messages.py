"""The facesheet's messages: what staff and portal users of a chart wrote to each other."""

from uuid import UUID, uuid4

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.problems import ProblemError
from contracts.envelope import Identifier, Invitee
from services.chart_service import commands, facesheet, queries
from services.chart_service.commands.messages import Letter
from services.chart_service.models import LONGEST_MESSAGE, LONGEST_SUBJECT
from services.chart_service.pages import forms, sections
from services.chart_service.pages.forms import Errors
from services.chart_service.pages.visits import SignedIn, Visit

DONE = {
    "sent": "The message is sent. A mail tells that it is there, and no more.",
    "archived": "The conversation is archived. It comes back when somebody writes.",
    "restored": "The conversation is among the others again.",
}


def routes(database: Database) -> APIRouter:
    """Return the pages over this database, for staff who signed in."""
    router = APIRouter()

    @router.get("/charts/{chart}/messages")
    async def threads(
        visit: SignedIn, chart: Identifier, done: str = "", archived: bool = False
    ) -> Response:
        commands.messages.require_messages(visit.organization)
        async with database.transaction() as tx:
            found = await queries.messages.threads(tx, visit.organization.id, chart)
            active = await commands.messages.recipients(tx, visit.organization.id, chart)
        shown = [one for one in found if one.archived_by_staff == archived]
        values = {"threads": shown, "archived": archived, "recipients": active}
        values |= {"others": len(found) - len(shown), "done": DONE.get(done)}
        return await sections.show(visit, database, chart, sections.MESSAGES, 200, **values)

    @router.get("/charts/{chart}/messages/new")
    async def new(visit: SignedIn, chart: Identifier) -> Response:
        return await _new_page(visit, chart, {}, [])

    @router.post("/charts/{chart}/messages/new", dependencies=[Depends(protect)])
    async def send(visit: SignedIn, chart: Identifier) -> Response:
        entered = await forms.values(visit.request)
        letter, errors = letter_in(visit, entered)
        if not entered.get("person"):
            errors.insert(0, ("person", "Choose who gets the message"))
        if letter is None or errors:
            return await _new_page(visit, chart, entered, errors)
        try:
            to = Invitee(organization=visit.organization.id, chart=chart, person=entered["person"])
            async with database.transaction() as tx:
                await commands.messages.start(tx, to, letter)
        except (ProblemError, ValueError) as error:
            said = error.detail if isinstance(error, ProblemError) else "Choose somebody else"
            return await _new_page(visit, chart, entered, [("person", said)])
        return RedirectResponse(f"/charts/{chart}/messages?done=sent", status_code=303)

    async def _new_page(
        visit: Visit, chart: str, entered: dict[str, str], errors: Errors
    ) -> Response:
        commands.messages.require_messages(visit.organization)
        async with database.transaction() as tx:
            sheet = await facesheet.look_at(tx, visit.organization.id, chart, visit.actor)
            active = await commands.messages.recipients(tx, visit.organization.id, chart)
        people = [one for one in (sheet.patient, *sheet.contacts) if one.id in active]
        options = [(one.id, f"{one.name}, {one.relationship.lower()}") for one in people]
        values = {"sheet": sheet, "options": options, "entered": entered, "errors": errors}
        status = 422 if errors else 200
        return visit.render("new_message.html", status, letter_id=uuid4(), **values)

    return router


def letter_in(visit: Visit, entered: dict[str, str]) -> tuple[Letter | None, Errors]:
    """Return what a form has to send, None when it lacks its id, and what is wrong with it."""
    body, errors = entered.get("body", "").replace("\x00", ""), []
    if not body or len(body) > LONGEST_MESSAGE:
        errors.append(("body", f"Write a message of at most {LONGEST_MESSAGE:,} characters"))
    subject = " ".join(entered.get("subject", "").split())[:LONGEST_SUBJECT]
    if not subject.isprintable():
        errors.append(("subject", "Enter a subject without control characters"))
    try:
        letter_id = UUID(entered.get("letter_id", ""))
    except ValueError:
        errors.append(("body", "This form was not complete. Send the message again."))
        return None, errors
    return Letter(letter_id, visit.staff.id, body, subject or None), errors
