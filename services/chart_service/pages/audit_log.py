"""The audit log (portal administrators): who did what, when, to whom. Looking at it is in it."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse

from chassis.database import Database
from services.chart_service import audit, audit_log, csv_lines
from services.chart_service.audit import Act, Action
from services.chart_service.audit_log import Entry
from services.chart_service.pages import audit_filter, audit_words, words
from services.chart_service.pages.audit_filter import AuditFilter
from services.chart_service.pages.visits import SignedInAsAdmin, Visit
from services.chart_service.queries.audit import Wanted

PAGE_SIZE = 50
EXPORT_BATCH = 1000
_COLUMNS = (
    *("time", "actor", "actor_name", "action", "action_words", "chart", "patient_name"),
    *("person", "person_name", "user", "user_name", "client", "client_name", "detail"),
)


def routes(database: Database) -> APIRouter:
    """Return the pages over this database, for portal administrators."""
    router = APIRouter()

    @router.get("/audit-log")
    async def show(visit: SignedInAsAdmin) -> Response:
        asked = audit_filter.read(visit.request.query_params)
        after = audit_filter.place_in(visit.request.query_params)
        organization = visit.organization.id
        async with database.transaction() as tx:
            found = await audit_log.entries(tx, organization, asked.wanted, PAGE_SIZE + 1, after)
            actors = await audit_log.actors(tx, organization)
            await audit.record(tx, _looked(visit, asked, Action.AUDIT_LOG_VIEWED))
        return visit.render(
            "audit_log.html",
            422 if asked.errors else 200,
            entries=found[:PAGE_SIZE],
            older=_older(found, asked),
            is_first=after is None,
            asked=asked,
            actors=actors,
            audit_words=audit_words,
            words=words,
        )

    @router.get("/audit-log.csv")
    async def export(visit: SignedInAsAdmin) -> Response:
        asked = audit_filter.read(visit.request.query_params)
        async with database.transaction() as tx:
            await audit.record(tx, _looked(visit, asked, Action.AUDIT_LOG_EXPORTED))
        # What happens from now on is not in it, so that it comes to an end.
        until = min(asked.wanted.until or tx.now, tx.now)
        wanted = replace(asked.wanted, until=until)
        headers = {"Content-Disposition": 'attachment; filename="audit-log.csv"'}
        lines = _lines(database, visit.organization.id, wanted)
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)

    return router


async def _lines(database: Database, organization: str, wanted: Wanted) -> AsyncIterator[str]:
    yield csv_lines.lines([_COLUMNS])
    after = None
    while True:
        async with database.transaction() as tx:
            found = await audit_log.entries(tx, organization, wanted, EXPORT_BATCH, after)
        yield csv_lines.lines(map(_row, found))
        if len(found) < EXPORT_BATCH:
            return
        after = (found[-1].at, found[-1].id)


def _row(entry: Entry) -> tuple[object, ...]:
    return (
        entry.at.isoformat(),
        *(entry.actor, entry.actor_name, entry.action, audit_words.action_of(entry.action)),
        *(entry.chart, entry.patient_name, entry.person, entry.person_name),
        *(entry.staff, entry.staff_name, entry.client, entry.client_name),
        json.dumps(entry.detail) if entry.detail else None,
    )


def _looked(visit: Visit, asked: AuditFilter, action: Action) -> Act:
    detail = {"filtered_by": asked.named} if asked.named else {}
    return Act(visit.organization.id, visit.actor, action, asked.wanted.chart, detail=detail)


def _older(found: list[Entry], asked: AuditFilter) -> str | None:
    if len(found) <= PAGE_SIZE:
        return None
    last = found[PAGE_SIZE - 1]
    after = f"after={audit_filter.position_of(last.at, last.id)}"
    return f"/audit-log?{asked.query}&{after}" if asked.query else f"/audit-log?{after}"
