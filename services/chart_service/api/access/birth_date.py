"""Whether a date is a patient's date of birth: asked by the portal of who accepts an invitation.

The date itself never leaves the chart. Who asks counts the tries.
"""

from datetime import date
from enum import StrEnum

from fastapi import APIRouter, Request
from pydantic import BaseModel, ValidationError

from chassis.database import Database
from chassis.security.call_verifier import Verifier
from chassis.web.problems import ProblemError
from contracts.envelope import Identifier, Invitee
from contracts.scopes import Role
from services.chart_service import audit, facesheet, queries, rules
from services.chart_service.audit import INVITEE, Act, Action
from services.chart_service.schemas.fields import Body, Day


class Invited(BaseModel):
    """Whom portal_access vouches for: who followed the link of an invitation to which chart."""

    organization: Identifier
    chart: Identifier
    person: Identifier
    role: Role


class GivenBirthDate(Body):
    """What the invitee says that the patient's date of birth is."""

    birth_date: Day


class BirthDateFound(StrEnum):
    """What the chart says of a given date of birth."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"
    """None is on file."""


class BirthDateAnswer(BaseModel):
    """Whether the given date is the patient's date of birth."""

    found: BirthDateFound


def routes(database: Database, verifier: Verifier) -> APIRouter:
    """Return the check, over this database."""
    router = APIRouter()

    @router.post("/birth-date-checks")
    async def check_birth_date(request: Request, body: GivenBirthDate) -> BirthDateAnswer:
        """Say whether a date is the date of birth of the chart's patient; each time is audited."""
        invited = _invited_in(await verifier.claims(request))
        async with database.transaction() as tx:
            people = await queries.people.people(tx, invited.organization, [invited.chart])
            patient = next((one for one in people if one.is_patient), None)
            person = next((one for one in people if one.id == invited.person), None)
            if patient is None or person is None or not rules.has_access(person, invited.role):
                raise facesheet.unknown("chart")
            found = _compare(body, patient.birth_date)
            where = Invitee(**invited.model_dump(exclude={"role"}))
            act = Act.on(where, INVITEE, Action.BIRTH_DATE_CHECKED, found=found.value)
            await audit.record(tx, act)
        return BirthDateAnswer(found=found)

    return router


def _compare(given: GivenBirthDate, on_file: date | None) -> BirthDateFound:
    if on_file is None:
        return BirthDateFound.MISSING
    return BirthDateFound.RIGHT if given.birth_date == on_file else BirthDateFound.WRONG


def _invited_in(claims: dict[str, object]) -> Invited:
    try:
        return Invited.model_validate(claims)
    except ValidationError as error:
        sentence = "The signed call names no organisation, chart, person and role."
        raise ProblemError(403, "claims_missing", sentence) from error
