"""Read FHIR R4 bundles into the chart's own values; no database and no HTTP in here."""

from services.chart_service.fhir.bundle import read_bundle
from services.chart_service.fhir.values import (
    FhirError,
    FhirReport,
    ImportedContact,
    ImportedCoverage,
    ImportedPatient,
    Skipped,
)

__all__ = [
    "FhirError",
    "FhirReport",
    "ImportedContact",
    "ImportedCoverage",
    "ImportedPatient",
    "Skipped",
    "read_bundle",
]
