"""Bodies about documents and files from outside, with their content and without."""

from datetime import datetime
from typing import Any

from pydantic import Field

from services.chart_service.models import AttachmentKind, DocumentKind
from services.chart_service.schemas.fields import Day, Id, Line
from services.chart_service.schemas.record_fields import Content, RecordBody, Roles, role_names


class DocumentFields(RecordBody):
    """What is said of a document besides its content."""

    kind: DocumentKind
    title: Line
    author: Line | None = None
    written_on: Day | None = None
    shared_with: Roles = Field(default=[])

    def row(self) -> dict[str, Any]:
        """Return the columns, the roles once each."""
        return super().row() | {"shared_with": role_names(self.shared_with)}


class DocumentBody(DocumentFields):
    """An evaluation or consent: plain text in UTF-8, a PDF, a PNG or a JPEG."""

    content: Content


class Document(DocumentBody):
    """A document with its id."""

    id: Id


class DocumentAnswer(DocumentFields):
    """A document without its content."""

    id: Id
    media_type: str
    size: int = Field(description="In bytes.")


class AttachmentFields(RecordBody):
    """What is said of a file from outside besides its content."""

    kind: AttachmentKind
    file_name: Line


class AttachmentBody(AttachmentFields):
    """A file from outside: a PDF, a PNG or a JPEG."""

    content: Content


class Attachment(AttachmentBody):
    """A file from outside with its id."""

    id: Id


class AttachmentAnswer(AttachmentFields):
    """A file from outside without its content."""

    id: Id
    media_type: str
    size: int = Field(description="In bytes.")
    uploaded_by: str
    uploaded_at: datetime
