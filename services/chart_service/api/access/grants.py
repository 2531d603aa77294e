"""Who looks at a chart through the portal: vouched for by portal_access, and checked again here."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from pydantic import BaseModel, ValidationError

from chassis.database import Database, Transaction
from chassis.security.call_verifier import Verifier
from chassis.web.problems import Problem, ProblemError
from contracts.envelope import Identifier, Invitee
from contracts.scopes import Role, open_scopes, scopes_of
from services.chart_service import audit, facesheet, queries, rules
from services.chart_service.audit import Act, Action
from services.chart_service.models import Organization, Person

PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "The signed token is missing, expired or not genuine"},
    403: {"model": Problem, "description": "The person may not see this of the chart now"},
    404: {"model": Problem, "description": "There is no such chart, or nothing of it to be seen"},
    422: {"model": Problem, "description": "Something sent is missing or wrong"},
    503: {"model": Problem, "description": "The portal's public keys cannot be had now"},
}


class Grant(BaseModel):
    """What portal_access vouches for: who asks, for which chart, as what, with which scopes."""

    sub: Identifier
    """The account at the portal."""
    organization: Identifier
    chart: Identifier
    person: Identifier
    role: Role
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Look:
    """A portal user's look at a chart: allowed now, and in the audit log."""

    tx: Transaction
    grant: Grant
    organization: Organization
    patient: Person
    contacts: Sequence[Person]
    person: Person
    """Who looks: the patient or a contact."""
    scopes: frozenset[str]
    """What was granted, the role has (ROLE_TABLE.md), and the organisation left switched on."""

    def may(self, scope: str) -> bool:
        """Tell whether this look reaches so far."""
        return scope in self.scopes

    @property
    def invitee(self) -> Invitee:
        """Who looks, as the person that they are on the chart."""
        grant = self.grant
        return Invitee(organization=grant.organization, chart=grant.chart, person=grant.person)

    @property
    def actor(self) -> str:
        """Who looks, as events and the audit log name them."""
        return f"portal:{self.grant.sub}"


class Grants:
    """Opens charts to signed calls, as far as the scopes of each go."""

    def __init__(self, database: Database, verifier: Verifier) -> None:
        self._database = database
        self._verifier = verifier

    @asynccontextmanager
    async def look(
        self,
        request: Request,
        *any_of: str,
        action: Action = Action.CHART_VIEWED,
        **detail: object,
    ) -> AsyncIterator[Look]:
        """Give a look, in one transaction, to a call that has any of these scopes.

        The audit log keeps the action with its detail: ids and kinds, never what a person wrote.

        Raises:
            ProblemError: 401, the call is not genuine; 403, nobody vouches for this person, they
                have no access any more, or not so far; 404, there is no such chart; 503, no keys.
        """
        grant = _grant_in(await self._verifier.claims(request))
        async with self._database.transaction() as tx:
            look = await _look(tx, grant)
            if look.scopes.isdisjoint(any_of):
                raise ProblemError(403, "scope_missing", "This person may not see this here.")
            where = (grant.organization, look.actor, action, grant.chart, grant.person)
            act = Act(*where, {"role": grant.role.value, "section": any_of[0]})
            await audit.record(tx, act.with_detail(**detail))
            yield look


async def _look(tx: Transaction, grant: Grant) -> Look:
    organization = await facesheet.known_organization(tx, grant.organization)
    people = await queries.people.people(tx, grant.organization, [grant.chart])
    patient = next((one for one in people if one.is_patient), None)
    if patient is None:
        raise facesheet.unknown("chart")
    person = next((one for one in people if one.id == grant.person), None)
    if person is None or not rules.has_access(person, grant.role):
        raise ProblemError(403, "access_ended", "This person has no access to the chart now.")
    contacts = [one for one in people if one is not patient]
    scopes = _open(grant, organization)
    return Look(tx, grant, organization, patient, contacts, person, scopes)


def _open(grant: Grant, organization: Organization) -> frozenset[str]:
    # A section that was switched off is closed to connections of before, too.
    left_on = open_scopes(
        grant.scopes, organization.sections_off, messages_enabled=organization.messages_enabled
    )
    return frozenset(left_on).intersection(scopes_of(grant.role))


def _grant_in(claims: dict[str, object]) -> Grant:
    try:
        return Grant.model_validate(claims)
    except ValidationError as error:
        sentence = "The signed call names no organisation, chart, person, role and scopes."
        raise ProblemError(403, "claims_missing", sentence) from error
