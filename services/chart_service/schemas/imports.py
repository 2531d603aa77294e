"""What became of an import."""

from typing import Self

from pydantic import (
    BaseModel,
)

from services.chart_service.fhir import FhirReport


class SkippedAnswer(BaseModel):
    """Resources of a bundle that the chart does not take, and why."""

    resource_type: str
    reason: str
    count: int


class ImportAnswer(BaseModel):
    """What became of a bundle."""

    patients: list[str]
    taken: dict[str, int]
    skipped: list[SkippedAnswer]

    @classmethod
    def of(cls, report: FhirReport) -> Self:
        """Return a bundle's report as the API shows it."""
        return cls(
            patients=[patient.id for patient in report.patients],
            taken=report.taken,
            skipped=[
                SkippedAnswer(resource_type=resource_type, reason=reason, count=count)
                for (resource_type, reason), count in sorted(report.skipped_counts.items())
            ],
        )
