"""Files that portal users upload: cards and pictures, which become attachments of the chart."""

from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import Response
from sqlalchemy import Row

from chassis.web.problems import ProblemError
from contracts.envelope import Identifier
from services.chart_service import facesheet, files, queries, throttle
from services.chart_service.api.access.chart import records
from services.chart_service.api.access.grants import Grants, Look
from services.chart_service.api.access.shared import record
from services.chart_service.audit import Action
from services.chart_service.files import PDF, File
from services.chart_service.models import AttachmentKind, RecordKind
from services.chart_service.rules import Fields
from services.chart_service.schemas.access import FileSeen

SCOPE = "files.upload"
KINDS = frozenset(AttachmentKind) - {AttachmentKind.OTHER}
MOST_FILES = 100
"""So many files of one account on a chart; each has up to 10 MB."""


def routes(grants: Grants) -> APIRouter:
    """Return one's own uploads, and the way to add one."""
    router = APIRouter(include_in_schema=False)

    @router.get("/files")
    async def own_files(request: Request) -> list[FileSeen]:
        """List the files that who asks has uploaded, the newest first."""
        async with grants.look(request, SCOPE) as look:
            return [FileSeen.of(row) for row in await _own(look)]

    @router.get("/files/{file}/content")
    async def own_file(request: Request, file: Identifier) -> Response:
        """Return a file that who asks has uploaded."""
        async with grants.look(request, SCOPE, action=Action.FILE_VIEWED, id=file) as look:
            key, row = await record(look, RecordKind.ATTACHMENTS, file)
            if row.uploaded_by != look.actor:
                raise facesheet.unknown("record")
            content = await queries.records.content(look.tx, key)
        return files.download(row.file_name, File(row.media_type, content or b""))

    @router.post("/files", status_code=201)
    async def upload(
        request: Request,
        file: UploadFile,
        kind: Annotated[AttachmentKind, Form()],
        submission: Annotated[UUID, Form()],
    ) -> FileSeen:
        """Put a file on the chart; the same form with the same file is stored once."""
        # What is sent is counted for itself: what is refused below costs as much as what is kept.
        async with grants.look(request, SCOPE, action=Action.FILE_OFFERED, kind=kind) as look:
            await _count(look)
        content = await file.read(files.MOST_BYTES + 1)
        row = await _row(kind, files.name_of(file.filename or ""), content)
        row["id"] = _id(look, submission, kind, content)
        uploaded = Action.FILE_UPLOADED
        async with grants.look(request, SCOPE, action=uploaded, kind=kind, id=row["id"]) as look:
            return await _keep(look, row)

    return router


async def _own(look: Look) -> Sequence[Row[Any]]:
    rows = await records(look, RecordKind.ATTACHMENTS)
    return [row for row in rows if row.uploaded_by == look.actor]


async def _count(look: Look) -> None:
    if not await throttle.count_upload(look.tx, look.actor):
        sentence = "You sent many files in a short time. Wait 15 minutes and try again."
        raise ProblemError(429, "uploads_throttled", sentence)


async def _row(kind: AttachmentKind, name: str, content: bytes) -> Fields:
    if kind not in KINDS:
        sentence = "Choose whether the file shows an identity card, an insurance card or a picture."
        raise ProblemError(422, "file_kind_unknown", sentence)
    kept = await files.accept(content)
    if kind is AttachmentKind.PICTURE and kept.media_type == PDF:
        sentence = "A profile picture must be a PNG or JPEG. Choose another file."
        raise files.unusable("picture_type_unknown", sentence)
    return {"kind": kind.value, "file_name": name, **asdict(kept)}


def _id(look: Look, submission: UUID, kind: AttachmentKind, content: bytes) -> str:
    # Made of all that is sent, so that nobody can name, and so write over, another's file.
    named = f"{look.grant.chart} {look.actor} {kind} {sha256(content).hexdigest()}"
    return str(uuid5(submission, named))


async def _keep(look: Look, row: Fields) -> FileSeen:
    own = await _own(look)
    if len(own) >= MOST_FILES and row["id"] not in {one.id for one in own}:
        sentence = "You have uploaded 100 files, which is the most. Call to have some removed."
        raise ProblemError(409, "files_full", sentence)
    where = {"organization_id": look.grant.organization, "chart_id": look.grant.chart}
    by = {"uploaded_by": look.actor, "uploaded_at": look.tx.now}
    await queries.records.save(look.tx, RecordKind.ATTACHMENTS, [row | where | by])
    _, kept = await record(look, RecordKind.ATTACHMENTS, row["id"])
    return FileSeen.of(kept)
