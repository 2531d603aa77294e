"""Read FHIR R4 bundles into the chart's own values; no database and no HTTP in here."""

from services.chart_service.fhir.bundle import read_bundle
from services.chart_service.fhir.ndjson import read_ndjson
from services.chart_service.fhir.values import (
    FhirError,
    FhirReport,
    ImportedContact,
    ImportedCoverage,
    ImportedPatient,
    ImportedRecord,
    Skipped,
)

__all__ = [
    "FhirError",
    "FhirReport",
    "ImportedContact",
    "ImportedCoverage",
    "ImportedPatient",
    "ImportedRecord",
    "Skipped",
    "read_bundle",
    "read_ndjson",
]
