"""The parts of a facesheet, each a page of its own under the same head: whose chart it is."""

from dataclasses import dataclass
from typing import Any

from fastapi.responses import Response

from chassis.database import Database, Transaction
from services.chart_service import audit, facesheet, queries
from services.chart_service.audit import Act, Action
from services.chart_service.facesheet import Facesheet
from services.chart_service.models import RecordKind
from services.chart_service.pages import alert_words, navigation, record_words, words
from services.chart_service.pages.visits import Visit


@dataclass(frozen=True, slots=True)
class Section:
    """A part: its label, its place below the chart's address, its template, what it shows."""

    label: str
    path: str
    template: str
    kinds: tuple[RecordKind, ...] = ()


INFORMATION = Section("Information", "", "information.html")
CARE = Section("Care", "/care", "care.html", (RecordKind.APPOINTMENTS,))
DOCUMENTS = Section(
    "Documents", "/documents", "documents.html", (RecordKind.DOCUMENTS, RecordKind.OUTCOMES)
)
PLANS = Section("Treatment plans", "/treatment-plans", "plans.html", (RecordKind.TREATMENT_PLANS,))
MEDICATIONS = Section("Medications", "/medications", "medications.html", (RecordKind.MEDICATIONS,))
ATTACHMENTS = Section("Attachments", "/attachments", "attachments.html", (RecordKind.ATTACHMENTS,))
MESSAGES = Section("Messages", "/messages", "messages.html")
SECTIONS = (INFORMATION, CARE, DOCUMENTS, PLANS, MEDICATIONS, ATTACHMENTS, MESSAGES)


async def show(
    visit: Visit,
    database: Database,
    chart: str,
    section: Section,
    status: int = 200,
    **values: Any,
) -> Response:
    """Return a part of a chart's facesheet; the audit log tells who looked at what."""
    async with database.transaction() as tx:
        sheet = await facesheet.load(tx, visit.organization.id, chart)
        records = await _records(tx, sheet, section)
        names = await queries.staff.names(tx, visit.organization.id)
        unread = await queries.waiting.count_on_chart(tx, visit.organization.id, chart)
        act = Act(visit.organization.id, visit.actor, Action.CHART_VIEWED, chart)
        await audit.record(tx, act.with_detail(section=section.label))
    usual: dict[str, Any] = {"done": None, "errors": [], "entered": {}, "shared": ""}
    return visit.render(
        "facesheet.html",
        status,
        sheet=sheet,
        section=section,
        links=_links(sheet, section, unread),
        records=records,
        names=names,
        now=tx.now,
        words=words,
        alert_words=alert_words,
        record_words=record_words,
        **usual | values,
    )


async def _records(tx: Transaction, sheet: Facesheet, section: Section) -> dict[str, Any]:
    kinds = {RecordKind.EPISODES, *section.kinds}
    key = (sheet.organization.id, sheet.chart.id)
    return {kind.value: await queries.records.listed(tx, kind, *key) for kind in kinds}


def _links(sheet: Facesheet, current: Section, unread: int) -> list[tuple[str, str, bool]]:
    home = f"/charts/{sheet.chart.id}"
    shown = SECTIONS if sheet.organization.messages_enabled else SECTIONS[:-1]
    new = {MESSAGES.label: unread}
    return [
        (navigation.with_count(one.label, new.get(one.label, 0)), home + one.path, one is current)
        for one in shown
    ]
