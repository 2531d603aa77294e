"""Bodies of the HTTP API: what may come in, and what goes out."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from sqlalchemy import Row

from contracts.chart import Logo, Relationship
from contracts.envelope import Identifier
from contracts.scopes import Role
from services.chart_service import alerts, rules
from services.chart_service.facesheet import Facesheet
from services.chart_service.fhir import FhirReport
from services.chart_service.models import Alert, AlertState, Coverage, Organization, Person

NO_CONTROL = r"^[^\x00-\x1f\x7f]*$"
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=NO_CONTROL),
]
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=320, pattern=NO_CONTROL),
]
PORTAL_PATHS = frozenset(
    {
        *("accept", "assets", "health", "metrics", "openapi.json", "privacy", "sign-out"),
        *("static", "terms", ".well-known"),
    }
)
"""What the portal's own paths begin with, where an organisation's pages begin with its id."""


def _fit_for_a_path(identifier: str) -> str:
    if identifier in {".", ".."}:
        raise ValueError("an id of dots alone does not survive in a URL's path (RFC 3986 5.2.4)")
    return identifier


def _free_in_the_portal(identifier: str) -> str:
    if identifier.lower() in PORTAL_PATHS:
        raise ValueError("the portal has pages of its own under this name; choose another id")
    return identifier


Id = Annotated[Identifier, AfterValidator(_fit_for_a_path)]
NewOrganizationId = Annotated[Id, AfterValidator(_free_in_the_portal)]
_SIGNATURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
MOST_CHARTS = 1000
"""The most charts in one request."""
LAST_OFFSET = 10_000_000


def _of_a_contact(relationship: Relationship) -> Relationship:
    if relationship is Relationship.PATIENT:
        raise ValueError("a contact cannot be the patient")
    return relationship


ContactRelationship = Annotated[Relationship, AfterValidator(_of_a_contact)]


class Body(BaseModel):
    """What comes in: a field nobody knows is refused, so that a typing error is noticed."""

    model_config = ConfigDict(extra="forbid")


class OrganizationBody(Body):
    """All of an organisation."""

    name: Annotated[Name, Field(max_length=120)]
    phone: Annotated[Name, Field(max_length=40)]
    logo: Logo | None = None
    portal_enabled: bool = True
    invitation_days: int = Field(default=7, ge=1, le=60)

    @model_validator(mode="after")
    def _logo_is_an_image(self) -> Self:
        if self.logo and not self.logo.content.startswith(_SIGNATURES[self.logo.media_type]):
            raise ValueError(f"the logo's content is not {self.logo.media_type}")
        return self

    @classmethod
    def of(cls, row: Organization) -> "OrganizationBody":
        """Return an organisation as the API shows it."""
        fields = row.model_dump(exclude={"id", "logo", "logo_media_type"})
        return cls.model_construct(logo=row.logo_value, **fields)

    def row(self, organization_id: str) -> Organization:
        """Return the organisation's row."""
        return Organization(
            id=organization_id,
            logo=self.logo.content if self.logo else None,
            logo_media_type=self.logo.media_type if self.logo else None,
            **self.model_dump(exclude={"logo"}),
        )


class StaffBody(Body):
    """Someone who is to sign in to the pages."""

    email: Line
    name: Name
    password: str = Field(max_length=1000)


class StaffAnswer(BaseModel):
    """Someone who may sign in to the pages."""

    id: UUID
    email: str
    name: str


class PersonBody(Body):
    """What is said of a person; of one who is known, what is left out stays as it is."""

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent."""
        return self.model_dump(exclude_unset=True)

    preferred_name: Name | None = None
    birth_date: date | None = None
    gender: Name | None = None
    gender_identity: Name | None = None
    phone: Line | None = None
    email: Line | None = None
    address: Line | None = None
    deceased: bool = False


class PatientBody(PersonBody):
    """A chart's patient."""

    id: Id
    given_name: Name
    family_name: Name

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent, and that this is the patient."""
        return super().given() | {"relationship": Relationship.PATIENT}


class NewContactBody(PersonBody):
    """A contact on a chart; without an id it gets one."""

    id: Id | None = None
    given_name: Name
    family_name: Name
    relationship: ContactRelationship
    ended: bool = False


class ContactBody(NewContactBody):
    """A contact whom the EMR knows by an id."""

    id: Id


class PersonChanges(PersonBody):
    """What changes of a person: only what is sent, and null takes a field away."""

    # Never read when it was not sent; the factories keep a default out of the API's description.
    given_name: Name = Field(default_factory=str)
    family_name: Name = Field(default_factory=str)
    relationship: ContactRelationship = Field(default_factory=lambda: Relationship.OTHER)
    ended: bool = Field(default_factory=bool)


class ChartBody(Body):
    """A chart with its patient and contacts."""

    id: Id
    mrn: Name
    patient: PatientBody
    contacts: list[ContactBody] = Field(default=[], max_length=100)

    @model_validator(mode="after")
    def _names_nobody_twice(self) -> Self:
        ids = {self.patient.id, *(contact.id for contact in self.contacts)}
        if len(ids) <= len(self.contacts):
            raise ValueError(f"chart {self.id} names somebody twice")
        return self


def _no_chart_twice(charts: list[ChartBody]) -> list[ChartBody]:
    if len({chart.id for chart in charts}) < len(charts):
        raise ValueError("a chart is named twice")
    return charts


ChartBodies = Annotated[
    list[ChartBody],
    Field(min_length=1, max_length=MOST_CHARTS),
    AfterValidator(_no_chart_twice),
]


class Recorded(BaseModel):
    """What became of an upsert."""

    charts: int
    changed_people: int


class PersonAnswer(BaseModel):
    """A patient or contact."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    relationship: Relationship
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
    ended: bool
    role: Role | None = Field(description="The role in which this person can be invited.")

    @classmethod
    def of(cls, row: Person) -> Self:
        """Return a person as the API shows them."""
        return cls(**row.model_dump(), role=rules.role_of(row))


class CoverageAnswer(BaseModel):
    """An insurance."""

    payer: str
    plan: str | None
    member_id: str | None

    @classmethod
    def of(cls, row: Coverage) -> Self:
        """Return an insurance as the API shows it."""
        return cls(payer=row.payer, plan=row.plan, member_id=row.member_id)


class AlertAnswer(BaseModel):
    """An invitation's alert on the facesheet."""

    invitation_id: UUID
    person: str
    role: Role
    state: AlertState
    message: str
    requested_at: datetime | None
    updated_at: datetime

    @classmethod
    def of(cls, row: Alert) -> Self:
        """Return an alert as the API shows it."""
        return cls(**row.model_dump(), person=row.person_id, message=alerts.message_of(row))


class ChartSummary(BaseModel):
    """A chart in a list."""

    id: str
    mrn: str
    given_name: str
    family_name: str
    birth_date: date | None

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """Return a chart as lists show it."""
        return cls.model_validate(row, from_attributes=True)


class ChartSearch(Body):
    """Which charts are looked for."""

    q: str = Field(max_length=200, pattern=NO_CONTROL, description="Words of the name or MRN.")
    limit: int = Field(default=50, ge=1, le=MOST_CHARTS)
    offset: int = Field(default=0, ge=0, le=LAST_OFFSET)


class ChartList(BaseModel):
    """Some of the charts that were asked for, by name, and how many there are."""

    charts: list[ChartSummary]
    total: int


class ChartAnswer(BaseModel):
    """A chart's facesheet."""

    id: str
    mrn: str
    patient: PersonAnswer
    contacts: list[PersonAnswer]
    coverages: list[CoverageAnswer]
    alerts: list[AlertAnswer]

    @classmethod
    def of(cls, sheet: Facesheet) -> Self:
        """Return a facesheet as the API shows it."""
        return cls(
            id=sheet.chart.id,
            mrn=sheet.chart.mrn,
            patient=PersonAnswer.of(sheet.patient),
            contacts=[PersonAnswer.of(row) for row in sheet.contacts],
            coverages=[CoverageAnswer.of(row) for row in sheet.coverages],
            alerts=[AlertAnswer.of(row) for row in sheet.alerts],
        )


class InvitationBody(Body):
    """The address that was confirmed to be right; without it the one on file is used."""

    email: Line | None = None


class Requested(BaseModel):
    """The invitation that was asked for; its alert tells what becomes of it."""

    invitation_id: UUID


class RevocationRequested(BaseModel):
    """The request that an invitation be revoked; the alert goes when that was done."""

    request_id: UUID


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


class AccessAnswer(BaseModel):
    """What a portal user may see of a chart: a field without its scope is not there."""

    chart: str
    role: Role
    legal_name: str = ""
    mrn: str = ""
    preferred_name: str | None = None
