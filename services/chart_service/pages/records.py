"""The facesheet's parts that show what a chart holds, and with whom staff share it."""

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from contracts.envelope import Identifier
from contracts.scopes import Role
from services.chart_service import commands
from services.chart_service.models import RecordKey, RecordKind
from services.chart_service.pages import record_words, sections
from services.chart_service.pages.sections import Section
from services.chart_service.pages.visits import SignedIn, Visit

_DONE = {
    "document": "The document is on the chart. It is shared with nobody yet.",
    "plan": "The treatment plan is on the chart. It is shared with nobody yet.",
    "attachment": "The attachment is on the chart.",
}
_SHARED = (
    (RecordKind.DOCUMENTS, sections.DOCUMENTS),
    (RecordKind.TREATMENT_PLANS, sections.PLANS),
)


def routes(database: Database) -> APIRouter:
    """Return the pages over this database, for staff who signed in."""
    router = APIRouter()
    for section in sections.SECTIONS:
        if section.kinds:
            _add_section(router, database, section)
    for kind, section in _SHARED:
        _add_sharing(router, database, kind, section)
    return router


def _add_section(router: APIRouter, database: Database, section: Section) -> None:
    @router.get(f"/charts/{{chart}}{section.path}")
    async def show(
        visit: SignedIn, chart: Identifier, done: str = "", shared: str = ""
    ) -> Response:
        return await sections.show(
            visit, database, chart, section, done=_DONE.get(done), shared=shared
        )


def _add_sharing(router: APIRouter, database: Database, kind: RecordKind, section: Section) -> None:
    path = f"/charts/{{chart}}/{kind.path}/{{record}}/sharing"

    @router.post(path, dependencies=[Depends(protect)])
    async def share(visit: SignedIn, chart: Identifier, record: Identifier) -> Response:
        roles = await _roles_in(visit)
        key = RecordKey(kind, visit.organization.id, chart, record)
        async with database.transaction() as tx:
            await commands.records.share(tx, key, roles, visit.actor)
        if "hx-request" in visit.request.headers:
            return HTMLResponse(record_words.shared_line(roles))
        address = f"/charts/{chart}{section.path}?shared={record}#shared-{record}"
        return RedirectResponse(address, status_code=303)


async def _roles_in(visit: Visit) -> list[Role]:
    chosen = (await visit.request.form()).getlist("role")
    return [role for role in Role if role.value in chosen]
