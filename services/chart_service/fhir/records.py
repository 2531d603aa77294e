"""What the readers of a chart's records share: whose they are, when, and what they are called."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from services.chart_service.fhir.elements import Element, RefusedError, clean, item, items, text
from services.chart_service.fhir.reading import Reading
from services.chart_service.fhir.resources import Resource, find, patient_of
from services.chart_service.fhir.values import ImportedRecord
from services.chart_service.models import RecordKind

TITLE_LENGTH = 200
_SEMANTIC_TAG = re.compile(r" \((procedure|regime/therapy|situation|finding|disorder)\)$")
"""How SNOMED CT's full names tell a term's kind; no word for a patient."""
_MISTAKE = "entered-in-error"

Read = Callable[[Resource, Reading], ImportedRecord]
"""Makes a record of a resource, or raises RefusedError."""


def read_each(kind: str, subject: str, read: Read, reading: Reading) -> None:
    """Put a record on its patient's chart for each resource of a type; report those that are not.

    `subject` is the element that names the patient.
    """
    for resource in reading.of_type(kind):
        try:
            patient = reading.chart_of(patient_of(reading.references, resource.body, subject))
            check_no_mistake(resource.body)
            record = read(resource, reading)
        except RefusedError as reason:
            reading.skip(kind, resource.id, reason)
        else:
            patient.records.append(record)
            reading.take(kind)


def record(kind: RecordKind, resource: Resource, /, **fields: object) -> ImportedRecord:
    """Return a record under the resource's id.

    Raises:
        RefusedError: The resource has none that Portico can use.
    """
    return ImportedRecord(kind, resource.usable_id, fields)


def check_no_mistake(body: Element) -> None:
    """Refuse what was entered by mistake.

    Raises:
        RefusedError: Its status says so.
    """
    if body.get("status") == _MISTAKE:
        raise RefusedError("it was entered by mistake")


def concept(element: Element, name: str) -> str | None:
    """Return a CodeableConcept in words: its text, else how its first code is displayed."""
    for found in items(element, name):
        words = text(found, "text", TITLE_LENGTH)
        words = words or text(item(found, "coding"), "display", TITLE_LENGTH)
        if words:
            return _SEMANTIC_TAG.sub("", words) or words
    return None


def display(reading: Reading, within: Element, reference: Element) -> str | None:
    """Return what a reference calls its target, else the name that the target has itself."""
    target = find(reading.references, within, reference)
    return text(reference, "display", TITLE_LENGTH) or text(target, "name", TITLE_LENGTH)


def moment(value: object) -> datetime | None:
    """Return a FHIR dateTime or instant; a day without a time is its beginning in UTC."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def day(value: object) -> date | None:
    """Return the day of a FHIR date or dateTime, None when it is not told to the day."""
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def web_address(value: object) -> str | None:
    """Return an https address, None for anything else."""
    address = clean(value, "address", 1000)
    return address if address and address.startswith("https://") else None
