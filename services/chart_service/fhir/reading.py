"""What the readers of the resource kinds share while one bundle is read."""

from dataclasses import dataclass, field
from datetime import date

from services.chart_service.fhir.elements import RefusedError
from services.chart_service.fhir.resources import References, Resource
from services.chart_service.fhir.values import FhirReport, ImportedPatient, Skipped

NOT_USED = "not used by the chart yet"


@dataclass(frozen=True, slots=True)
class Reading:
    """The bundle's resources by type, the patients made of them so far, and the report."""

    today: date
    resources: dict[str, list[Resource]] = field(default_factory=dict)
    references: References = field(default_factory=References)
    patients: dict[Resource, ImportedPatient] = field(default_factory=dict)
    report: FhirReport = field(default_factory=FhirReport)

    def add(self, resource: Resource) -> None:
        """Let this resource be read and referred to."""
        self.resources.setdefault(resource.type, []).append(resource)
        self.references.add(resource)

    def of_type(self, kind: str) -> list[Resource]:
        """Return the bundle's resources of one type, in its order."""
        return self.resources.get(kind, [])

    def take(self, kind: str) -> None:
        """Count one as taken."""
        self.report.taken[kind] += 1

    def skip(self, kind: str, id_: str | None, reason: object) -> None:
        """Report one as skipped."""
        self.report.skipped.append(Skipped(kind, id_, str(reason)))

    def chart_of(self, patient: Resource) -> ImportedPatient:
        """Return the imported patient that a Patient became.

        Raises:
            RefusedError: It was skipped.
        """
        if patient not in self.patients:
            raise RefusedError("its patient was skipped")
        return self.patients[patient]
