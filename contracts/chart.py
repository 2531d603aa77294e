"""Events of the chart: what staff or an EMR ask for, and what is true of organisations and people.

InviteRequested and RevokeRequested may come from any EMR; the others from chart_service alone.
"""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import (
    AwareDatetime,
    Base64Bytes,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic.config import JsonDict

from contracts.envelope import CloudEvent, Identifier, InviteeData, Language
from contracts.scopes import Role, Section

MAX_LOGO_BYTES = 131_072
"""The largest logo, in characters of base64: it travels in each mail and in OrganizationChanged."""

Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$")]
"""Text that may stand in a mail's header: one line, without control characters."""

EXAMPLE_INVITEE: JsonDict = {"organization": "sunrise", "chart": "c-1001", "person": "p-2001"}


class Relationship(StrEnum):
    """What a person on a chart is to the patient; `Patient` is the patient."""

    PATIENT = "Patient"
    GUARDIAN = "Guardian"
    GUARANTOR = "Guarantor"
    PARENT = "Parent"
    SPOUSE = "Spouse"
    SIBLING = "Sibling"
    CHILD = "Child"
    FRIEND = "Friend"
    EMERGENCY_CONTACT = "Emergency contact"
    OTHER = "Other"


ROLE_BY_RELATIONSHIP = {
    Relationship.PATIENT: Role.PATIENT,
    Relationship.GUARDIAN: Role.GUARDIAN,
    Relationship.GUARANTOR: Role.GUARANTOR,
}
"""Who may be invited, and as what; nobody else on a chart can be (PRODUCT_FACTS.md, 5)."""


class InviteRequestedData(InviteeData):
    """Who is to be invited, as what, and where the mail goes."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "invitee": EXAMPLE_INVITEE,
                    "role": "guardian",
                    "email": "ana.lopez@example.org",
                    "requested_by": "staff:s-7",
                }
            ]
        }
    )

    role: Role
    email: str | None = Field(
        default=None,
        max_length=1000,
        description="The address that was confirmed; without it the chart's own is used.",
    )
    requested_by: str | None = Field(
        default=None, max_length=200, description="Who asked: an id, never a name or an address."
    )


class InviteRequested(CloudEvent):
    """Someone asks that a person on a chart be invited; its id becomes the invitation's id."""

    name: ClassVar[str] = "InviteRequested"
    publisher: ClassVar[str] = "chart_service"
    type: Literal["portico.InviteRequested.v1"]
    data: InviteRequestedData


class RevokeRequestedData(InviteeData):
    """Whose open invitation is to be revoked, in which role."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"invitee": EXAMPLE_INVITEE, "role": "guardian", "requested_by": "staff:s-7"}
            ]
        }
    )

    role: Role
    requested_by: str | None = Field(default=None, max_length=200)


class RevokeRequested(CloudEvent):
    """Someone asks that a person's open invitation be revoked."""

    name: ClassVar[str] = "RevokeRequested"
    publisher: ClassVar[str] = "chart_service"
    type: Literal["portico.RevokeRequested.v1"]
    data: RevokeRequestedData


class Logo(BaseModel):
    """An organisation's logo, as it stands in mails and on pages."""

    model_config = ConfigDict(frozen=True)

    media_type: Literal["image/png", "image/jpeg"]
    content: Base64Bytes = Field(max_length=MAX_LOGO_BYTES)


class OrganizationChangedData(BaseModel):
    """All that other services need of an organisation, as it is from now on."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "organization": "sunrise",
                    "name": "Sunrise Recovery Center",
                    "phone": "+1 202-555-0143",
                    "logo": None,
                    "portal_enabled": True,
                    "invitation_days": 7,
                    "reminder_days": 3,
                    "messages_enabled": True,
                    "sections_off": ["medications"],
                    "age_of_majority": 18,
                    "death_ends_access": True,
                    "discharge_ends_access": False,
                    "time_zone": "America/New_York",
                    "birth_date_check": True,
                }
            ]
        },
    )

    organization: Identifier
    name: Line = Field(max_length=120)
    phone: Line = Field(max_length=40)
    logo: Logo | None = None
    portal_enabled: bool
    invitation_days: int = Field(default=7, ge=1, le=60, description="An invitation's life.")
    reminder_days: int | None = Field(
        default=None, ge=1, le=59, description="An invitee is reminded once, so many days later."
    )
    messages_enabled: bool = False
    sections_off: tuple[Section, ...] = Field(
        default=(), max_length=20, description="Sections that nobody sees in this portal."
    )
    age_of_majority: int = Field(
        default=18, ge=12, le=30, description="At which age guardians lose their access, in years."
    )
    death_ends_access: bool = Field(default=True, description="Else portal access goes on.")
    discharge_ends_access: bool = Field(default=False, description="Else portal access goes on.")
    time_zone: str = Field(
        default="UTC",
        pattern=r"^[A-Za-z0-9_+/-]{1,64}$",
        description="In which times are said (IANA).",
    )
    birth_date_check: bool = Field(
        default=False, description="Who accepts an invitation gives the patient's date of birth."
    )

    @property
    def key(self) -> str:
        """The event's partition key and subject: the organisation's id."""
        return self.organization


class OrganizationChanged(CloudEvent):
    """An organisation as it is from now on; its topic keeps the newest for ever."""

    name: ClassVar[str] = "OrganizationChanged"
    publisher: ClassVar[str] = "chart_service"
    type: Literal["portico.OrganizationChanged.v1"]
    data: OrganizationChangedData


class LocationChangedData(BaseModel):
    """How one of an organisation's places shows itself; what is left out is the organisation's."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "organization": "sunrise",
                    "location": "harbor",
                    "name": "Sunrise Recovery Center, Harbor House",
                    "phone": "+1 202-555-0151",
                    "logo": None,
                    "removed": False,
                }
            ]
        },
    )

    organization: Identifier
    location: Identifier
    name: Line = Field(max_length=120)
    phone: Line | None = Field(default=None, max_length=40)
    logo: Logo | None = None
    removed: bool = False

    @property
    def key(self) -> str:
        """The event's partition key and subject: `organization/location`."""
        return f"{self.organization}/{self.location}"


class LocationChanged(CloudEvent):
    """One of an organisation's places as it is from now on; its topic keeps the newest for ever."""

    name: ClassVar[str] = "LocationChanged"
    publisher: ClassVar[str] = "chart_service"
    type: Literal["portico.LocationChanged.v1"]
    data: LocationChangedData


class PolicyKind(StrEnum):
    """The two texts that who registers agrees to."""

    TERMS = "terms"
    PRIVACY = "privacy"


class PolicyPublishedData(BaseModel):
    """A text that portal users agree to, and its version: 1, 2, and so on."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "organization": "sunrise",
                    "kind": "terms",
                    "version": 2,
                    "text": "You may use the portal to see your records.",
                    "published_at": "2026-03-02T09:30:00Z",
                }
            ]
        },
    )

    organization: Identifier
    kind: PolicyKind
    version: int = Field(ge=1)
    text: str = Field(max_length=50_000, description="Paragraphs, parted by empty lines.")
    published_at: AwareDatetime

    @property
    def key(self) -> str:
        """The event's partition key and subject: `organization/kind`."""
        return f"{self.organization}/{self.kind}"


class PolicyPublished(CloudEvent):
    """A new version of an organisation's terms or privacy policy; its topic keeps the newest."""

    name: ClassVar[str] = "PolicyPublished"
    publisher: ClassVar[str] = "chart_service"
    type: Literal["portico.PolicyPublished.v1"]
    data: PolicyPublishedData


class PersonChangedData(InviteeData):
    """All that eligibility and the mail need of a person on a chart, as it is from now on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "invitee": EXAMPLE_INVITEE,
                    "relationship": "Guardian",
                    "given_name": "Ana",
                    "email": "ana.lopez@example.org",
                    "deceased": False,
                    "ended": False,
                    "discharged": False,
                    "of_age": False,
                    "location": "harbor",
                    "language": "es",
                }
            ]
        }
    )

    relationship: Relationship
    given_name: str = Field(max_length=100)
    email: str | None = Field(default=None, max_length=1000)
    deceased: bool = False
    ended: bool = Field(default=False, description="The relationship is over or was removed.")
    discharged: bool = Field(default=False, description="Of a patient: the treatment is over.")
    of_age: bool = Field(
        default=False, description="Of a patient: of the organisation's age_of_majority or older."
    )
    location: Identifier | None = Field(
        default=None, description="The organisation's place that the chart belongs to."
    )
    language: Language | None = Field(default=None, description="In which mails are written.")


class PersonChanged(CloudEvent):
    """A patient or contact as they are on the chart from now on."""

    name: ClassVar[str] = "PersonChanged"
    publisher: ClassVar[str] = "chart_service"
    type: Literal["portico.PersonChanged.v1"]
    data: PersonChangedData


class MessageSentData(InviteeData):
    """That staff wrote to a portal user; what they wrote stays in the chart."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "invitee": EXAMPLE_INVITEE,
                    "message_id": "5b6f0c52-0000-4000-8000-000000000005",
                    "sent_at": "2026-03-02T09:30:00Z",
                }
            ]
        }
    )

    message_id: UUID
    sent_at: AwareDatetime


class MessageSent(CloudEvent):
    """Staff wrote to a portal user: a mail says that there is a message, and no more."""

    name: ClassVar[str] = "MessageSent"
    publisher: ClassVar[str] = "chart_service"
    type: Literal["portico.MessageSent.v1"]
    data: MessageSentData
