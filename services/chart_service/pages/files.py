"""Documents and attachments themselves: read on a page or saved as a file, and taken in."""

from dataclasses import asdict
from uuid import uuid4

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.problems import ProblemError
from contracts.envelope import Identifier
from services.chart_service import commands, facesheet, files
from services.chart_service.files import File
from services.chart_service.models import AttachmentKind, RecordKey, RecordKind
from services.chart_service.pages import forms, record_words, sections, words
from services.chart_service.pages.visits import SignedIn, Visit

_KIND_MISSING = ("kind", "Choose what the file shows")


def routes(database: Database) -> APIRouter:
    """Return the pages over this database, for staff who signed in."""
    router = APIRouter()

    @router.get("/charts/{chart}/documents/{record}")
    async def document(visit: SignedIn, chart: Identifier, record: Identifier) -> Response:
        key = RecordKey(RecordKind.DOCUMENTS, visit.organization.id, chart, record)
        async with database.transaction() as tx:
            row, content = await commands.records.file(tx, key, visit.actor)
            sheet = await facesheet.load(tx, visit.organization.id, chart)
        if not record_words.is_text(row.media_type):
            return files.download(row.title, File(row.media_type, content))
        return visit.render(
            "document.html",
            sheet=sheet,
            row=row,
            text=content.decode(errors="replace"),
            words=words,
            record_words=record_words,
        )

    @router.get("/charts/{chart}/documents/{record}/file")
    async def document_file(visit: SignedIn, chart: Identifier, record: Identifier) -> Response:
        key = RecordKey(RecordKind.DOCUMENTS, visit.organization.id, chart, record)
        async with database.transaction() as tx:
            row, content = await commands.records.file(tx, key, visit.actor)
        return files.download(row.title, File(row.media_type, content))

    @router.get("/charts/{chart}/attachments/{record}/file")
    async def attachment(visit: SignedIn, chart: Identifier, record: Identifier) -> Response:
        key = RecordKey(RecordKind.ATTACHMENTS, visit.organization.id, chart, record)
        async with database.transaction() as tx:
            row, content = await commands.records.file(tx, key, visit.actor)
        return files.download(row.file_name, File(row.media_type, content))

    @router.post("/charts/{chart}/attachments", dependencies=[Depends(protect)])
    async def attach(visit: SignedIn, chart: Identifier) -> Response:
        entered = await forms.values(visit.request)
        name, content = await upload_in(visit, "file")
        errors = [] if entered.get("kind") in set(AttachmentKind) else [_KIND_MISSING]
        try:
            file = await files.accept(content) if name else None
        except ProblemError as problem:
            errors.append(("file", problem.detail))
        else:
            errors += [] if file else [("file", "Choose a file")]
        if errors or file is None:
            said = {"errors": errors, "entered": entered}
            return await sections.show(visit, database, chart, sections.ATTACHMENTS, 422, **said)
        row = {"id": str(uuid4()), "kind": entered["kind"], "file_name": name, **asdict(file)}
        async with database.transaction() as tx:
            await commands.records.save(
                tx, visit.organization.id, chart, {RecordKind.ATTACHMENTS: [row]}, visit.actor
            )
        return RedirectResponse(f"/charts/{chart}/attachments?done=attachment", status_code=303)

    return router


async def upload_in(visit: Visit, field: str) -> tuple[str, bytes]:
    """Return the name and content of a file that a form sent; the name is empty without one."""
    sent = (await visit.request.form()).get(field)
    if not isinstance(sent, UploadFile) or not sent.filename:
        return "", b""
    return files.name_of(sent.filename), await sent.read(files.MOST_BYTES + 1)
