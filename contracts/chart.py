"""Events of the chart: what staff or an EMR ask for, and what is true of organisations and people.

InviteRequested and RevokeRequested may come from any EMR; the others from chart_service alone.
"""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from contracts.envelope import CloudEvent, Identifier, InviteeData
from contracts.scopes import Role

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
                }
            ]
        }
    )

    relationship: Relationship
    given_name: str = Field(max_length=100)
    email: str | None = Field(default=None, max_length=1000)
    deceased: bool = False
    ended: bool = Field(default=False, description="The relationship is over or was removed.")


class PersonChanged(CloudEvent):
    """A patient or contact as they are on the chart from now on."""

    name: ClassVar[str] = "PersonChanged"
    publisher: ClassVar[str] = "chart_service"
    type: Literal["portico.PersonChanged.v1"]
    data: PersonChangedData
