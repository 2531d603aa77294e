"""The API for portal_access: what a portal user may see of a chart. Signed calls."""

from collections.abc import Collection
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ValidationError

from chassis.database import Database
from chassis.security.service_calls import Verifier
from chassis.web.problems import Problem, ProblemError
from contracts.envelope import Identifier
from contracts.scopes import Role, open_scopes
from services.chart_service import audit, facesheet, rules
from services.chart_service.audit import Act, Action
from services.chart_service.models import Organization
from services.chart_service.schemas.access import AccessAnswer

PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "The signed token is missing, expired or not genuine"},
    403: {"model": Problem, "description": "The person has no access to the chart now"},
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


def routes(database: Database, verifier: Verifier) -> APIRouter:
    """Return the API over this database, for callers whom the verifier knows."""
    router = APIRouter(prefix="/api/v1/access", tags=["Portal"], responses=PROBLEMS)

    @router.get("/chart", response_model_exclude_unset=True)
    async def chart(request: Request) -> AccessAnswer:
        """Return the fields of the chart that the call's scopes allow."""
        grant = _grant_in(await verifier.claims(request))
        async with database.transaction() as tx:
            sheet = await facesheet.load(tx, grant.organization, grant.chart)
            if not rules.has_access(sheet.find(grant.person), grant.role):
                sentence = "This person has no access to the chart now."
                raise ProblemError(403, "access_ended", sentence)
            await audit.record(tx, _looked(grant))
        fields = {
            "legal_name": sheet.patient.name,
            "mrn": sheet.chart.mrn,
            "preferred_name": sheet.patient.preferred_name,
        }
        seen = rules.visible(fields, grant.role, _open(grant.scopes, sheet.organization))
        return AccessAnswer(chart=grant.chart, role=grant.role, **seen)

    return router


def _looked(grant: Grant) -> Act:
    actor, detail = f"portal:{grant.sub}", {"role": grant.role.value}
    action = Action.CHART_VIEWED
    return Act(grant.organization, actor, action, grant.chart, grant.person, detail)


def _grant_in(claims: dict[str, object]) -> Grant:
    try:
        return Grant.model_validate(claims)
    except ValidationError as error:
        sentence = "The signed call names no organisation, chart, person, role and scopes."
        raise ProblemError(403, "claims_missing", sentence) from error


def _open(scopes: Collection[str], organization: Organization) -> tuple[str, ...]:
    # A section that was switched off is closed to connections of before, too.
    return open_scopes(
        scopes,
        organization.sections_off,
        messages_enabled=organization.messages_enabled,
    )
