"""Small forms by which staff put a document or a treatment plan on a chart."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.problems import ProblemError
from contracts.envelope import Identifier, utc_now
from services.chart_service import commands, facesheet, files
from services.chart_service.models import DocumentKind, RecordKind
from services.chart_service.pages import forms, record_words
from services.chart_service.pages.files import upload_in
from services.chart_service.pages.forms import Errors
from services.chart_service.pages.visits import SignedIn, Visit
from services.chart_service.rules import Fields

_MOST_GOALS = 100


def routes(database: Database) -> APIRouter:
    """Return the pages over this database, for staff who signed in."""
    router = APIRouter()

    async def form_page(
        visit: Visit, chart: str, template: str, entered: Mapping[str, str], errors: Errors
    ) -> Response:
        async with database.transaction() as tx:
            sheet = await facesheet.look_at(tx, visit.organization.id, chart, visit.actor)
        values = {"sheet": sheet, "entered": entered, "errors": errors}
        status = 422 if errors else 200
        return visit.render(template, status, record_words=record_words, **values)

    async def save(visit: Visit, chart: str, kind: RecordKind, row: Fields) -> None:
        async with database.transaction() as tx:
            rows = {kind: [row | {"id": str(uuid4())}]}
            await commands.records.save(tx, visit.organization.id, chart, rows, visit.actor)

    @router.get("/charts/{chart}/documents/new")
    async def new_document(visit: SignedIn, chart: Identifier) -> Response:
        return await form_page(visit, chart, "new_document.html", {}, [])

    @router.post("/charts/{chart}/documents/new", dependencies=[Depends(protect)])
    async def add_document(visit: SignedIn, chart: Identifier) -> Response:
        entered = await forms.values(visit.request)
        row, errors = await _document(visit, entered)
        if errors:
            return await form_page(visit, chart, "new_document.html", entered, errors)
        await save(visit, chart, RecordKind.DOCUMENTS, row)
        return RedirectResponse(f"/charts/{chart}/documents?done=document", status_code=303)

    @router.get("/charts/{chart}/treatment-plans/new")
    async def new_plan(visit: SignedIn, chart: Identifier) -> Response:
        return await form_page(visit, chart, "new_plan.html", {}, [])

    @router.post("/charts/{chart}/treatment-plans/new", dependencies=[Depends(protect)])
    async def add_plan(visit: SignedIn, chart: Identifier) -> Response:
        entered = await forms.values(visit.request)
        row, errors = _plan(entered)
        if errors:
            return await form_page(visit, chart, "new_plan.html", entered, errors)
        await save(visit, chart, RecordKind.TREATMENT_PLANS, row)
        return RedirectResponse(f"/charts/{chart}/treatment-plans?done=plan", status_code=303)

    return router


async def _document(visit: Visit, entered: Mapping[str, str]) -> tuple[Fields, Errors]:
    row: dict[str, Any] = {"author": visit.staff.name, "written_on": utc_now().date()}
    errors: Errors = []
    row["title"] = forms.line_in(entered, "title", "title", errors)
    if entered.get("kind") not in set(DocumentKind):
        errors.append(("kind", "Choose whether this is an evaluation or a consent"))
    _, uploaded = await upload_in(visit, "file")
    text = entered.get("text", "").encode()
    if bool(text) == bool(uploaded):
        errors.append(("text", "Write the text, or choose a file; one of the two"))
    else:
        row |= await _content(text or uploaded, "text" if text else "file", errors)
    return row | {"kind": entered.get("kind"), "shared_with": []}, errors


async def _content(content: bytes, field: str, errors: Errors) -> Fields:
    try:
        return asdict(await files.accept(content, text=field == "text"))
    except ProblemError as problem:
        errors.append((field, problem.detail))
        return {}


def _plan(entered: Mapping[str, str]) -> tuple[Fields, Errors]:
    errors: Errors = []
    row: dict[str, Any] = {"title": forms.line_in(entered, "title", "title", errors)}
    row["starts_on"] = forms.day_in(entered, "starts_on", "first day", errors)
    row["ends_on"] = forms.day_in(entered, "ends_on", "last day", errors)
    if row["starts_on"] and row["ends_on"] and row["ends_on"] < row["starts_on"]:
        errors.append(("ends_on", "Enter a last day that is not before the first"))
    lines = (" ".join(line.split()) for line in entered.get("goals", "").splitlines())
    goals = [line for line in lines if line and line.isprintable()]
    if len(goals) > _MOST_GOALS or any(len(goal) > forms.LONGEST_LINE for goal in goals):
        errors.append(("goals", "Enter at most 100 goals of at most 320 characters, a line each"))
    return row | {"status": "active", "goals": goals, "shared_with": []}, errors
