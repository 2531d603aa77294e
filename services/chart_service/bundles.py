"""From what a FHIR import says to entries of charts: a patient's chart has the patient's id."""

from dataclasses import asdict, replace

from chassis.web.problems import ProblemError
from contracts.chart import Relationship
from services.chart_service import files
from services.chart_service.commands.charts import ChartEntry
from services.chart_service.fhir import FhirReport, ImportedPatient, ImportedRecord, Skipped
from services.chart_service.models import RecordKind
from services.chart_service.rules import Fields


async def entries_of(report: FhirReport) -> list[ChartEntry]:
    """Return the charts of an import's patients, with contacts, insurances and records.

    A document whose content cannot be kept is moved to what the report says was skipped.
    """
    return [
        _entry_of(patient, await _harmless(patient.records, report)) for patient in report.patients
    ]


def _entry_of(imported: ImportedPatient, records: dict[RecordKind, list[Fields]]) -> ChartEntry:
    fields = asdict(replace(imported, records=[]))
    mrn, contacts, insurance = (fields.pop(name) for name in ("mrn", "contacts", "insurance"))
    del fields["records"]
    patient: Fields = fields | {"relationship": Relationship.PATIENT}
    people = [patient, *contacts]
    return ChartEntry(imported.id, mrn, people, insurance, records, imported=True)


async def _harmless(
    records: list[ImportedRecord], report: FhirReport
) -> dict[RecordKind, list[Fields]]:
    """Return records by kind, each id once, the last of them; files are such as may be kept."""
    rows: dict[RecordKind, dict[str, Fields]] = {}
    for record in records:
        fields: Fields = dict(record.fields)
        try:
            if record.kind is RecordKind.DOCUMENTS:
                file = await files.accept(fields["content"], text=True)
                fields |= {"media_type": file.media_type, "content": file.content}
        except ProblemError as problem:
            report.taken["DocumentReference"] -= 1
            report.skipped.append(Skipped("DocumentReference", record.id, problem.detail))
            continue
        rows.setdefault(record.kind, {})[record.id] = fields | {"id": record.id}
    return {kind: list(by_id.values()) for kind, by_id in rows.items()}
