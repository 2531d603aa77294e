"""Recording that a patient died or was discharged: after a question that says what ends."""

from typing import Literal

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from contracts.envelope import Identifier
from services.chart_service import commands, facesheet
from services.chart_service.facesheet import Facesheet
from services.chart_service.models import AccessState
from services.chart_service.pages import forms
from services.chart_service.pages.visits import SignedIn

Fact = Literal["deceased", "discharged"]


def routes(database: Database) -> APIRouter:
    """Return the pages over this database, for staff who signed in."""
    router = APIRouter()

    @router.get("/charts/{chart}/patient/{fact}")
    async def ask(visit: SignedIn, chart: Identifier, fact: Fact) -> Response:
        async with database.transaction() as tx:
            sheet = await facesheet.look_at(tx, visit.organization.id, chart, visit.actor)
        return visit.render(
            "patient_fact.html",
            sheet=sheet,
            fact=fact,
            is_so=getattr(sheet.patient, fact),
            ends_access=_ends_access(sheet, fact),
            with_access=_names_with_access(sheet),
        )

    @router.post("/charts/{chart}/patient/{fact}", dependencies=[Depends(protect)])
    async def record(visit: SignedIn, chart: Identifier, fact: Fact) -> Response:
        is_so = (await forms.values(visit.request)).get("is_so") == "yes"
        organization = visit.organization.id
        async with database.transaction() as tx:
            patient = (await facesheet.load(tx, organization, chart)).patient
            await commands.charts.change_person(
                tx, organization, chart, patient.id, {fact: is_so}, visit.actor
            )
        return RedirectResponse(f"/charts/{chart}?done=saved", status_code=303)

    return router


def _ends_access(sheet: Facesheet, fact: Fact) -> bool:
    organization = sheet.organization
    if fact == "deceased":
        return organization.death_ends_access
    return organization.discharge_ends_access


def _names_with_access(sheet: Facesheet) -> list[str]:
    people = (sheet.patient, *sheet.contacts)
    return [
        person.name
        for person in people
        if person.id in sheet.access and sheet.access[person.id].state != AccessState.ENDED
    ]
