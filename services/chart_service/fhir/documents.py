"""Read documents: DocumentReference with its content in the bundle."""

import base64
import binascii

from services.chart_service.fhir.elements import Element, RefusedError, codes, item, items, text
from services.chart_service.fhir.reading import Reading
from services.chart_service.fhir.records import (
    TITLE_LENGTH,
    concept,
    day,
    display,
    read_each,
    record,
)
from services.chart_service.fhir.resources import Resource
from services.chart_service.fhir.values import ImportedRecord
from services.chart_service.models import DocumentKind, RecordKind

MAX_CONTENT_BYTES = 10 * 1024 * 1024
_MEDIA_TYPES = ("text/plain", "application/pdf", "image/png", "image/jpeg")
_CONSENTS = frozenset({"59284-0", "64292-6", "57016-8", "57017-6", "61359-6"})
"""LOINC: patient consent, release of information, privacy policy, and the like."""


def read_documents(reading: Reading) -> None:
    """Put each DocumentReference on its subject's chart; staff decide who sees it."""
    read_each("DocumentReference", "subject", _document, reading)


def _document(resource: Resource, reading: Reading) -> ImportedRecord:
    body = resource.body
    if body.get("status") == "superseded":
        raise RefusedError("a newer document replaces it")
    media_type, content = _content(body)
    author = next((display(reading, body, each) for each in items(body, "author")), None)
    return record(
        RecordKind.DOCUMENTS,
        resource,
        kind=_kind(body).value,
        title=text(body, "description", TITLE_LENGTH) or concept(body, "type") or "Document",
        author=author,
        written_on=day(body.get("date")),
        media_type=media_type,
        content=content,
    )


def _kind(body: Element) -> DocumentKind:
    told = {code for _, code in codes(body, "type") | codes(body, "category")}
    return DocumentKind.CONSENT if told & _CONSENTS else DocumentKind.EVALUATION


def _content(body: Element) -> tuple[str, bytes]:
    attachments = [item(each, "attachment") for each in items(body, "content")]
    held = next((each for each in attachments if isinstance(each.get("data"), str)), None)
    if held is None:
        raise RefusedError("its content is not in the bundle")
    media_type, _, parameters = str(held.get("contentType") or "").partition(";")
    media_type = media_type.strip().lower()
    if media_type not in _MEDIA_TYPES:
        raise RefusedError(f"its content is not one of {', '.join(_MEDIA_TYPES)}")
    content = _bytes(held["data"])
    return media_type, _as_utf8(content, parameters) if media_type == "text/plain" else content


def _bytes(data: str) -> bytes:
    try:
        content = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusedError("its content is not base64") from error
    if not content:
        raise RefusedError("its content is empty")
    if len(content) > MAX_CONTENT_BYTES:
        raise RefusedError(f"its content has more than {MAX_CONTENT_BYTES} bytes")
    return content


def _as_utf8(content: bytes, parameters: str) -> bytes:
    charset = parameters.partition("charset=")[2].split(";")[0].strip(" \"'") or "utf-8"
    try:
        return content.decode(charset).encode()
    except (LookupError, UnicodeError) as error:
        raise RefusedError("its text is not in the character set that it names") from error
