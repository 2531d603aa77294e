"""The staff's pages for the details of people: the patient's, and contacts' old and new."""

from uuid import uuid4

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.languages import name_of
from contracts.chart import Relationship
from contracts.envelope import Identifier, Invitee
from services.chart_service import commands, facesheet
from services.chart_service.facesheet import Facesheet
from services.chart_service.models import Person
from services.chart_service.pages import forms
from services.chart_service.pages.forms import NO_LANGUAGE, PersonForm
from services.chart_service.pages.visits import SignedIn, Visit

_INVITE = "invite"
_YES, _NO = "yes", "no"
_RELATIONSHIPS = [(r.value, r.value) for r in Relationship if r is not Relationship.PATIENT]

_LANGUAGES = {NO_LANGUAGE: "Not known: English", "en": "English", "es": "Spanish"}


def routes(database: Database) -> APIRouter:
    """Return the pages over this database, for staff who signed in."""
    router = APIRouter()

    async def load(visit: Visit, chart: str) -> Facesheet:
        async with database.transaction() as tx:
            return await facesheet.look_at(tx, visit.organization.id, chart, visit.actor)

    @router.get("/charts/{chart}/contacts/new")
    async def new_contact(visit: SignedIn, chart: Identifier) -> Response:
        return _details(visit, await load(visit, chart), None, PersonForm({}))

    @router.post("/charts/{chart}/contacts/new", dependencies=[Depends(protect)])
    async def add_contact(visit: SignedIn, chart: Identifier) -> Response:
        form = forms.read_person(await forms.values(visit.request), is_patient=False)
        if form.errors:
            return _details(visit, await load(visit, chart), None, form)
        async with database.transaction() as tx:
            await commands.charts.add_contact(
                tx, visit.organization.id, chart, form.given, visit.actor
            )
        return RedirectResponse(f"/charts/{chart}?done=added", status_code=303)

    @router.get("/charts/{chart}/people/{person}/edit")
    async def edit(
        visit: SignedIn, chart: Identifier, person: Identifier, then: str = ""
    ) -> Response:
        sheet = await load(visit, chart)
        known = sheet.person(person)
        return _details(visit, sheet, known, forms.of_person(known), then)

    @router.post("/charts/{chart}/people/{person}/edit", dependencies=[Depends(protect)])
    async def save(visit: SignedIn, chart: Identifier, person: Identifier) -> Response:
        entered = await forms.values(visit.request)
        then = entered.get("then", "")
        sheet = await load(visit, chart)
        known = sheet.person(person)
        form = forms.read_person(entered, is_patient=known.is_patient)
        if form.errors:
            return _details(visit, sheet, known, form, then)
        answer = entered.get("send_anew", "")
        if not answer and then != _INVITE and _leaves_invitation_behind(sheet, known, form):
            return visit.render(
                "address_changed.html",
                sheet=sheet,
                person=known,
                form=form,
                invitation_id=uuid4(),
            )
        invitee = Invitee(organization=visit.organization.id, chart=chart, person=person)
        async with database.transaction() as tx:
            await commands.charts.change_person(
                tx, visit.organization.id, chart, person, form.given, visit.actor
            )
            if answer == _YES:
                await commands.invitations.invite(
                    tx, invitee, form.given["email"], visit.actor, forms.id_in(entered)
                )
        if then == _INVITE:
            return RedirectResponse(f"/charts/{chart}/people/{person}/invite", status_code=303)
        done = {_YES: "invited_anew", _NO: "address_changed"}.get(answer, "saved")
        return RedirectResponse(f"/charts/{chart}?done={done}", status_code=303)

    return router


def _leaves_invitation_behind(sheet: Facesheet, known: Person, form: PersonForm) -> bool:
    """Tell whether an invitation waits at an address that is being replaced by another one."""
    email = form.given.get("email")
    return known.id in sheet.open_invitations and bool(email) and email != known.email


def _languages(entered: str) -> list[tuple[str, str]]:
    """Return the languages that mails are written in, and the one that the chart has already."""
    known = dict(_LANGUAGES)
    if entered and entered not in known:
        known[entered] = f"{name_of(entered)} (mails are in the nearest language there is)"
    return list(known.items())


def _details(
    visit: Visit, sheet: Facesheet, person: Person | None, form: PersonForm, then: str = ""
) -> Response:
    return visit.render(
        "person.html",
        422 if form.errors else 200,
        sheet=sheet,
        person=person,
        form=form,
        relationships=_RELATIONSHIPS,
        languages_of_mails=_languages(form.entered.get("language", "")),
        then=_INVITE if then == _INVITE else "",
    )
