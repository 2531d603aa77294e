"""Bodies about patients and contacts."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
)

from contracts.chart import Relationship
from contracts.envelope import Language
from contracts.scopes import Role
from services.chart_service import rules
from services.chart_service.models import Person
from services.chart_service.schemas.fields import Body, Day, Flag, Id, Line, Name


def _of_a_contact(relationship: Relationship) -> Relationship:
    if relationship is Relationship.PATIENT:
        raise ValueError("a contact cannot be the patient")
    return relationship


ContactRelationship = Annotated[Relationship, AfterValidator(_of_a_contact)]


class PersonBody(Body):
    """What is said of a person; of one who is known, what is left out stays as it is."""

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent."""
        return self.model_dump(exclude_unset=True)

    preferred_name: Name | None = None
    birth_date: Day | None = None
    gender: Name | None = None
    gender_identity: Name | None = None
    phone: Line | None = None
    email: Line | None = None
    address: Line | None = None
    language: Language | None = None
    deceased: Flag = False
    discharged: Flag = False


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
    ended: Flag = False


class ContactBody(NewContactBody):
    """A contact whom the EMR knows by an id."""

    id: Id


class PersonChanges(PersonBody):
    """What changes of a person: only what is sent, and null takes a field away."""

    # Never read when it was not sent; the factories keep a default out of the API's description.
    given_name: Name = Field(default_factory=str)
    family_name: Name = Field(default_factory=str)
    relationship: ContactRelationship = Field(default_factory=lambda: Relationship.OTHER)
    ended: Flag = Field(default_factory=bool)


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
    language: str | None
    deceased: bool
    discharged: bool
    of_age: bool
    ended: bool
    role: Role | None = Field(description="The role in which this person can be invited.")

    @classmethod
    def of(cls, row: Person) -> Self:
        """Return a person as the API shows them."""
        return cls(**row.model_dump(), role=rules.role_of(row))
