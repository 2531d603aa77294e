"""What a chart holds besides people, by HTTP: the same few ways for each kind of record."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel

from chassis.database import Database
from services.chart_service import commands, files
from services.chart_service.api.callers import ReadsRecords, WritesRecords
from services.chart_service.api.paging import AskedPart
from services.chart_service.files import File
from services.chart_service.models import RecordKey, RecordKind
from services.chart_service.rules import Fields
from services.chart_service.schemas import record_files, treatment
from services.chart_service.schemas.fields import Id
from services.chart_service.schemas.record_fields import RecordBody
from services.chart_service.schemas.records import Records, RecordsSaved, Sharing

BODIES: dict[RecordKind, tuple[type[RecordBody], type[BaseModel]]] = {
    RecordKind.EPISODES: (treatment.EpisodeBody, treatment.Episode),
    RecordKind.APPOINTMENTS: (treatment.AppointmentBody, treatment.Appointment),
    RecordKind.DOCUMENTS: (record_files.DocumentBody, record_files.DocumentAnswer),
    RecordKind.OUTCOMES: (treatment.OutcomeBody, treatment.Outcome),
    RecordKind.TREATMENT_PLANS: (treatment.TreatmentPlanBody, treatment.TreatmentPlan),
    RecordKind.MEDICATIONS: (treatment.MedicationBody, treatment.Medication),
    RecordKind.ATTACHMENTS: (record_files.AttachmentBody, record_files.AttachmentAnswer),
}
"""What is sent and what is answered of each kind."""

SHARED = (RecordKind.DOCUMENTS, RecordKind.TREATMENT_PLANS)
WITH_CONTENT = (RecordKind.DOCUMENTS, RecordKind.ATTACHMENTS)

_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file",
        "content": {media_type.partition(";")[0]: {} for media_type in files.TYPES},
    }
}
"""How the API's description shows an answer that is a file."""


def add_routes(router: APIRouter, database: Database) -> None:
    """Add the routes over this database."""

    @router.post("/charts/{chart}/records", tags=["Records"])
    async def save_records(
        organization: Id, chart: Id, body: Records, caller: WritesRecords
    ) -> RecordsSaved:
        """Insert records of a chart or bring them up to date, all or none of them."""
        rows = {kind: await rows_of(kind, sent) for kind, sent in body.given().items()}
        async with database.transaction() as tx:
            changes = await commands.records.save(tx, organization, chart, rows, caller.actor)
        return RecordsSaved.of(changes)

    for kind in RecordKind:
        _add_kind(router, database, kind)
    for kind in SHARED:
        _add_sharing(router, database, kind)
    for kind in WITH_CONTENT:
        _add_content(router, database, kind)


async def rows_of(kind: RecordKind, sent: Sequence[RecordBody]) -> list[Fields]:
    """Return records as rows of their table, with their content fit to keep.

    Raises:
        ProblemError: 422, a file is broken or of a type that cannot be kept.
    """
    rows = [body.row() for body in sent]
    if kind in WITH_CONTENT:
        for row in rows:
            file = await files.accept(row["content"], text=kind is RecordKind.DOCUMENTS)
            row.update(asdict(file))
    return rows


def _add_kind(router: APIRouter, database: Database, kind: RecordKind) -> None:
    sent, answered = BODIES[kind]
    some, one = f"/charts/{{chart}}/{kind.path}", f"/charts/{{chart}}/{kind.path}/{{record}}"
    name = kind.value.replace("_", " ")

    @router.get(
        some,
        tags=["Records"],
        name=f"list {name}",
        description=f"List a chart's {name}, the newest first.",
        response_model=list[answered],  # type: ignore[valid-type] # the kind's own
    )
    async def list_them(
        organization: Id, chart: Id, caller: ReadsRecords, part: AskedPart
    ) -> object:
        async with database.transaction() as tx:
            rows = await commands.records.listed(
                tx, organization, chart, kind, caller.actor, part.rows
            )
        return part.of(rows)

    @router.get(
        one,
        tags=["Records"],
        name=f"get one of {name}",
        description=f"Return one of a chart's {name}.",
        response_model=answered,
    )
    async def get(organization: Id, chart: Id, record: Id, caller: ReadsRecords) -> object:
        async with database.transaction() as tx:
            key = RecordKey(kind, organization, chart, record)
            return await commands.records.record(tx, key, caller.actor)

    @router.put(
        one,
        tags=["Records"],
        name=f"put one of {name}",
        description=f"Insert one of a chart's {name}, or bring it up to date.",
        response_model=answered,
        responses={201: {"model": answered, "description": "It was not there before"}},
    )
    async def put(
        organization: Id,
        chart: Id,
        record: Id,
        body: sent,  # type: ignore[valid-type] # the kind's own
        response: Response,
        caller: WritesRecords,
    ) -> object:
        rows = [row | {"id": record} for row in await rows_of(kind, [body])]
        key = RecordKey(kind, organization, chart, record)
        async with database.transaction() as tx:
            changes = await commands.records.save(
                tx, organization, chart, {kind: rows}, caller.actor
            )
            response.status_code = 201 if changes.get(kind, {}).get(record) else 200
            return await commands.records.record(tx, key, caller.actor)

    @router.delete(
        one,
        tags=["Records"],
        name=f"delete one of {name}",
        description=f"Delete one of a chart's {name} that was recorded in error.",
        status_code=204,
    )
    async def delete(organization: Id, chart: Id, record: Id, caller: WritesRecords) -> None:
        async with database.transaction() as tx:
            key = RecordKey(kind, organization, chart, record)
            await commands.records.delete(tx, key, caller.actor)


def _add_sharing(router: APIRouter, database: Database, kind: RecordKind) -> None:
    @router.put(
        f"/charts/{{chart}}/{kind.path}/{{record}}/sharing",
        tags=["Records"],
        name=f"share one of {kind.value.replace('_', ' ')}",
    )
    async def share(
        organization: Id, chart: Id, record: Id, body: Sharing, caller: WritesRecords
    ) -> Sharing:
        """Let these roles, and no others, see it in the portal."""
        key = RecordKey(kind, organization, chart, record)
        async with database.transaction() as tx:
            await commands.records.share(tx, key, body.shared_with, caller.actor)
        return body


def _add_content(router: APIRouter, database: Database, kind: RecordKind) -> None:
    @router.get(
        f"/charts/{{chart}}/{kind.path}/{{record}}/content",
        tags=["Records"],
        name=f"content of one of {kind.value}",
        response_class=Response,
        responses=_FILE,
    )
    async def content(organization: Id, chart: Id, record: Id, caller: ReadsRecords) -> Response:
        """Return the file itself."""
        key = RecordKey(kind, organization, chart, record)
        async with database.transaction() as tx:
            row, kept = await commands.records.file(tx, key, caller.actor)
        return files.download(row.id, File(row.media_type, kept))
