"""The filtered directory as CSV, streamed: from each page of it the next goes on."""

import csv
import io
from collections.abc import AsyncIterator, Iterable
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response, StreamingResponse
from sqlalchemy import Row

from chassis.database import Database
from chassis.web.csrf import protect
from services.chart_service import audit, queries
from services.chart_service.audit import Act, Action
from services.chart_service.pages import forms, standing_words
from services.chart_service.pages.directory_view import View
from services.chart_service.pages.visits import SignedIn
from services.chart_service.queries.directory_selection import Place, Selection

_ROWS_AT_ONCE = 1_000
_COLUMNS = (
    *("Last name", "First name", "Relationship", "Patient", "MRN", "E-mail"),
    *("Status", "Reason", "Since", "Last change"),
)
_FORMULA_BEGINS_WITH = ("=", "+", "-", "@", "\t", "\r")


def routes(database: Database) -> APIRouter:
    """Return the export over this database, for staff who signed in."""
    router = APIRouter()

    @router.post("/directory/export", dependencies=[Depends(protect)])
    async def export(visit: SignedIn) -> Response:
        entered = await forms.values(visit.request)
        view = View.of(visit.request.query_params, entered.get("q", ""))
        selection = view.selection(visit.organization.id)
        detail = {"status": view.status, "searched": bool(selection.words)}
        async with database.transaction() as tx:
            act = Act(visit.organization.id, visit.actor, Action.DIRECTORY_EXPORTED, detail=detail)
            await audit.record(tx, act)
        headers = {"Content-Disposition": 'attachment; filename="portal-directory.csv"'}
        lines = _lines(database, selection)
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)

    return router


async def _lines(database: Database, selection: Selection) -> AsyncIterator[str]:
    yield written([_COLUMNS])
    place = Place()
    while True:
        async with database.transaction() as tx:
            rows = await queries.directory_list.page(tx, selection, place, _ROWS_AT_ONCE)
        yield written(map(_cells, rows))
        if len(rows) < _ROWS_AT_ONCE:
            return
        place = Place(rows[-1].chart_id, rows[-1].person_id)


def written(rows: Iterable[Iterable[str]]) -> str:
    """Return rows as CSV (RFC 4180), in which no cell is a formula to a spreadsheet (OWASP)."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows([_safe(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_BEGINS_WITH) else cell


def _cells(entry: Row[Any]) -> list[str]:
    return [
        *(entry.family_name, entry.given_name, entry.relationship),
        *(standing_words.patient(entry), entry.mrn, entry.email or ""),
        standing_words.label(entry.status),
        standing_words.reason(entry.reason, entry.detail),
        entry.since.isoformat() if entry.since else "",
        entry.changed_at.isoformat(),
    ]
