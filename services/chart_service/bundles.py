"""From what a FHIR bundle says to entries of charts: a patient's chart has the patient's id."""

from dataclasses import asdict

from contracts.chart import Relationship
from services.chart_service.commands.charts import ChartEntry
from services.chart_service.fhir import ImportedPatient
from services.chart_service.rules import Fields


def entry_of(imported: ImportedPatient) -> ChartEntry:
    """Return the chart of a patient from a bundle, with contacts and insurances."""
    fields = asdict(imported)
    mrn, contacts, insurance = (fields.pop(name) for name in ("mrn", "contacts", "insurance"))
    fields.pop("records")
    patient: Fields = fields | {"relationship": Relationship.PATIENT}
    return ChartEntry(imported.id, mrn, [patient, *contacts], insurance, imported=True)
