"""Charts by HTTP: record, list, search, import."""

import asyncio
from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from chassis.database import Database
from chassis.web.problems import ProblemError
from services.chart_service import (
    alerts,
    audit,
    bundles,
    commands,
    facesheet,
    fhir,
    queries,
    search_words,
)
from services.chart_service.api import paging
from services.chart_service.api.callers import ReadsCharts, ReadsInvitations, WritesCharts
from services.chart_service.api.paging import AskedPart, Limit, Offset
from services.chart_service.audit import Act, Action
from services.chart_service.schemas.charts import (
    ChartAnswer,
    ChartBodies,
    ChartList,
    ChartSearch,
    ChartSummary,
    Recorded,
)
from services.chart_service.schemas.fields import Id
from services.chart_service.schemas.imports import ImportAnswer
from services.chart_service.schemas.invitations import (
    AlertAnswer,
)

_BUNDLE = {
    "requestBody": {
        "required": True,
        "content": {
            "application/fhir+json": {"schema": {"type": "object"}},
            "application/fhir+ndjson": {"schema": {"type": "string"}},
        },
    }
}


def add_routes(router: APIRouter, database: Database) -> None:
    """Add the routes over this database."""

    @router.post("/charts", tags=["Charts"])
    async def record_charts(organization: Id, body: ChartBodies, caller: WritesCharts) -> Recorded:
        """Insert charts, or bring them up to date; sending the same again changes nothing."""
        entries = [chart.entry() for chart in body]
        async with database.transaction() as tx:
            await facesheet.known_organization(tx, organization)
            changed = await commands.charts.record_charts(tx, organization, entries, caller.actor)
        return Recorded(charts=len(entries), changed_people=changed)

    @router.get("/charts", tags=["Charts"])
    async def list_charts(
        organization: Id,
        caller: ReadsCharts,
        request: Request,
        response: Response,
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> ChartList:
        """List charts by their patient's name."""
        act = Act(organization, caller.actor, Action.CHARTS_LISTED)
        found = await charts_with(act, [], limit, offset)
        paging.link(request, response, limit, offset, found.total)
        return found

    # A name in an address would stay in histories and logs: it is sent in the body.
    @router.post("/charts/search", tags=["Charts"])
    async def search_charts(organization: Id, body: ChartSearch, caller: ReadsCharts) -> ChartList:
        """List the charts on which each word begins a name, an e-mail address or the MRN."""
        words = search_words.wanted(body.q)
        act = Act(organization, caller.actor, Action.CHART_SEARCHED)
        return await charts_with(act, words, body.limit, body.offset)

    async def charts_with(act: Act, words: Sequence[str], limit: int, offset: int) -> ChartList:
        async with database.transaction() as tx:
            await facesheet.known_organization(tx, act.organization_id)
            rows, total = await queries.chart_list.list_charts(
                tx, act.organization_id, words, limit, offset
            )
            await audit.record(tx, act)
        charts = [ChartSummary.of(row) for row in rows]
        return ChartList(charts=charts, total=total.number if total.is_all else total.number + 1)

    @router.get("/charts/{chart}", tags=["Charts"])
    async def get_chart(organization: Id, chart: Id, caller: ReadsCharts) -> ChartAnswer:
        """Return a chart's facesheet."""
        async with database.transaction() as tx:
            sheet = await facesheet.look_at(tx, organization, chart, caller.actor)
        return ChartAnswer.of(sheet)

    @router.get("/charts/{chart}/alerts", tags=["Charts"])
    async def get_alerts(
        organization: Id, chart: Id, caller: ReadsInvitations, part: AskedPart
    ) -> list[AlertAnswer]:
        """Return the alerts at the top of a chart's facesheet, newest first."""
        async with database.transaction() as tx:
            if await queries.charts.chart(tx, organization, chart) is None:
                raise facesheet.unknown("chart")
            rows = alerts.shown(await queries.alerts.alerts(tx, organization, chart))
            await audit.record(tx, Act(organization, caller.actor, Action.CHART_VIEWED, chart))
        return [AlertAnswer.of(row) for row in part.of(rows[part.rows])]

    @router.post("/fhir", tags=["Charts"], openapi_extra=_BUNDLE)
    async def import_bundle(
        organization: Id, request: Request, caller: WritesCharts
    ) -> ImportAnswer:
        """Import a FHIR R4 bundle, or NDJSON: its patients become charts with their records.

        What staff entered stays, and so does whom they share a document or plan with.
        """
        is_ndjson = "ndjson" in request.headers.get("content-type", "")
        read = fhir.read_ndjson if is_ndjson else fhir.read_bundle
        try:
            report = await asyncio.to_thread(read, await request.body())
        except fhir.FhirError as error:
            raise ProblemError(422, "bundle_unusable", str(error)) from error
        entries = await bundles.entries_of(report)
        async with database.transaction() as tx:
            await facesheet.known_organization(tx, organization)
            await commands.charts.record_charts(tx, organization, entries, caller.actor)
        return ImportAnswer.of(report)
