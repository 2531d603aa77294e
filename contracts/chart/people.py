"""The people on a chart as they are from now on, and who of them may be invited."""

from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import ConfigDict, Field

from contracts.chart.examples import EXAMPLE_INVITEE
from contracts.envelope import CloudEvent, Identifier, InviteeData, Language
from contracts.scopes import Role


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
