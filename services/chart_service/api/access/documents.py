"""Evaluations and consents that are shared with portal users."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Row

from contracts.envelope import Identifier
from services.chart_service import facesheet, files, queries
from services.chart_service.api.access.grants import Grants, Look
from services.chart_service.api.access.shared import is_shared, record, shared
from services.chart_service.audit import Action
from services.chart_service.files import TEXT, File
from services.chart_service.models import DocumentKind, RecordKind
from services.chart_service.schemas.access import DocumentRead, DocumentSeen

_SCOPES = {
    DocumentKind.EVALUATION.value: "documents.evaluations",
    DocumentKind.CONSENT.value: "documents.consents",
}

_VIEWED = Action.FILE_VIEWED


def routes(grants: Grants) -> APIRouter:
    """Return the documents' list, each to read, and each as a file."""
    router = APIRouter(include_in_schema=False)

    @router.get("/documents")
    async def shared_documents(request: Request) -> list[DocumentSeen]:
        """List the evaluations and consents that are shared, the newest first."""
        async with grants.look(request, *_SCOPES.values()) as look:
            rows = await shared(look, RecordKind.DOCUMENTS)
        return [DocumentSeen.of(row) for row in rows if look.may(_SCOPES[row.kind])]

    @router.get("/documents/{document}")
    async def shared_document(request: Request, document: Identifier) -> DocumentRead:
        """Return a shared document, with its text if it is one."""
        async with grants.look(request, *_SCOPES.values(), action=_VIEWED, id=document) as look:
            row, content = await _document(look, document)
        seen = DocumentRead.of(row)
        seen.text = content.decode(errors="replace") if row.media_type == TEXT else None
        return seen

    @router.get("/documents/{document}/content")
    async def shared_document_content(request: Request, document: Identifier) -> Response:
        """Return a shared document as a file."""
        async with grants.look(request, *_SCOPES.values(), action=_VIEWED, id=document) as look:
            row, content = await _document(look, document)
        return files.download(row.title, File(row.media_type, content))

    return router


async def _document(look: Look, document: str) -> tuple[Row[Any], bytes]:
    key, row = await record(look, RecordKind.DOCUMENTS, document)
    if not (is_shared(look, row) and look.may(_SCOPES[row.kind])):
        raise facesheet.unknown("record")
    return row, await queries.records.content(look.tx, key) or b""
