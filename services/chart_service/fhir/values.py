"""What comes out of a FHIR bundle: patients with their contacts and insurance, and a report."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from contracts.chart import Relationship
from services.chart_service.models import RecordKind


class FhirError(Exception):
    """The bundle as a whole cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class ImportedContact:
    """A person on the chart other than the patient; `id` is unique on the chart."""

    id: str
    given_name: str
    family_name: str
    relationship: Relationship
    phone: str | None
    email: str | None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ImportedCoverage:
    """An insurance that is in force."""

    payer: str
    plan: str | None
    member_id: str | None


@dataclass(frozen=True, slots=True)
class ImportedRecord:
    """A record of the chart: its id there, and its columns by their names."""

    kind: RecordKind
    id: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ImportedPatient:
    """A patient; a name part that the bundle does not tell is empty, anything else None.

    `gender` is the administrative one (male, female, other or unknown). An address is one line,
    an e-mail address is as it stands in the bundle: whether it is deliverable is decided elsewhere.
    """

    id: str
    mrn: str
    given_name: str
    family_name: str
    preferred_name: str | None
    birth_date: date | None
    gender: str | None
    gender_identity: str | None
    phone: str | None
    email: str | None
    address: str | None
    deceased: bool
    language: str | None = None
    contacts: list[ImportedContact] = field(default_factory=list)
    insurance: list[ImportedCoverage] = field(default_factory=list)
    records: list[ImportedRecord] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A resource, or a part of one, that was not taken; the reason quotes no value of it."""

    resource_type: str
    id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class FhirReport:
    """What was read: the patients, how many of what were taken, and all that was not and why."""

    patients: list[ImportedPatient] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def skipped_counts(self) -> Counter[tuple[str, str]]:
        """How often each (resource type, reason) was skipped."""
        return Counter((each.resource_type, each.reason) for each in self.skipped)
