"""The HTTP API for EMRs: organisations, charts, people, invitations. A bearer token opens it."""

import asyncio
import hmac
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BeforeValidator

from chassis.database import Database
from chassis.security import passwords
from chassis.web.problems import Problem, ProblemError
from contracts.envelope import Invitee
from services.chart_service import alerts, bundles, commands, facesheet, fhir, queries, rules
from services.chart_service.commands import ChartEntry
from services.chart_service.models import Staff
from services.chart_service.schemas import (
    LAST_OFFSET,
    MOST_CHARTS,
    AlertAnswer,
    ChartAnswer,
    ChartBodies,
    ChartList,
    ChartSearch,
    ChartSummary,
    Id,
    ImportAnswer,
    InvitationBody,
    NewContactBody,
    NewOrganizationId,
    OrganizationBody,
    PersonAnswer,
    PersonChanges,
    Recorded,
    Requested,
    RevocationRequested,
    StaffAnswer,
    StaffBody,
)

_REQUESTED_BY = "api"
_bearer = HTTPBearer(auto_error=False, description="The token of the EMR integration.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
Limit = Annotated[int, Query(ge=1, le=MOST_CHARTS)]
Offset = Annotated[int, Query(ge=0, le=LAST_OFFSET)]
IdempotencyKey = Annotated[
    UUID | None,
    BeforeValidator(lambda sent: sent.strip('"') if isinstance(sent, str) else sent),
    Header(
        description="A UUID of the request's own, bare or in double quotes; it becomes the "
        "invitation's id. Sent again for the same person, it asks for no second invitation "
        "(draft-ietf-httpapi-idempotency-key-header)."
    ),
]


_BUNDLE = {
    "requestBody": {
        "required": True,
        "content": {"application/fhir+json": {"schema": {"type": "object"}}},
    }
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "The bearer token is missing or wrong"},
    404: {"model": Problem, "description": "There is no such organisation, chart or person"},
    409: {"model": Problem, "description": "What the chart knows stands in the way"},
    422: {"model": Problem, "description": "Something sent is missing or wrong"},
}


def routes(database: Database, token: str) -> APIRouter:
    """Return the API over this database, for callers with the token."""

    async def authorised(credentials: Credentials) -> None:
        sent = credentials.credentials if credentials else ""
        if not hmac.compare_digest(sent.encode(), token.encode()):
            raise ProblemError(401, "token_needed", "This call needs the API's bearer token.")

    router = APIRouter(
        prefix="/api/v1/organizations/{organization}",
        dependencies=[Depends(authorised)],
        responses=PROBLEMS,
    )
    _add_organization_routes(router, database)
    _add_chart_routes(router, database)
    _add_person_routes(router, database)
    return router


def _add_organization_routes(router: APIRouter, database: Database) -> None:
    @router.put("", tags=["Organisations"])
    async def put_organization(
        organization: NewOrganizationId, body: OrganizationBody
    ) -> OrganizationBody:
        """Make an organisation what is sent; the other services learn of it."""
        async with database.transaction() as tx:
            await commands.put_organization(tx, body.row(organization))
        return body

    @router.get("", tags=["Organisations"])
    async def get_organization(organization: Id) -> OrganizationBody:
        """Return an organisation."""
        async with database.transaction() as tx:
            return OrganizationBody.of(await facesheet.known_organization(tx, organization))

    @router.post("/staff", status_code=201, tags=["Organisations"])
    async def add_staff(organization: Id, body: StaffBody) -> StaffAnswer:
        """Let somebody sign in to the pages of this organisation."""
        if problem := passwords.problem_with(body.password):
            raise ProblemError(422, "password_weak", f"{problem}.")
        if not rules.is_deliverable(body.email):
            raise ProblemError(422, "email_invalid", "The e-mail address is not valid.")
        password_hash = await passwords.hash_password(body.password)
        async with database.transaction() as tx:
            await facesheet.known_organization(tx, organization)
            staff = Staff(
                id=uuid4(),
                organization_id=organization,
                email=body.email.lower(),
                name=body.name,
                password_hash=password_hash,
            )
            if not await queries.add_staff(tx, staff):
                raise ProblemError(409, "staff_exists", "Somebody signs in with this address.")
            return StaffAnswer(id=staff.id, email=staff.email, name=staff.name)


def _add_chart_routes(router: APIRouter, database: Database) -> None:
    @router.post("/charts", tags=["Charts"])
    async def record_charts(organization: Id, body: ChartBodies) -> Recorded:
        """Insert charts, or bring them up to date; sending the same again changes nothing."""
        entries = [
            ChartEntry(chart.id, chart.mrn, [p.given() for p in (chart.patient, *chart.contacts)])
            for chart in body
        ]
        async with database.transaction() as tx:
            await facesheet.known_organization(tx, organization)
            changed = await commands.record_charts(tx, organization, entries)
        return Recorded(charts=len(entries), changed_people=changed)

    @router.get("/charts", tags=["Charts"])
    async def list_charts(organization: Id, limit: Limit = 50, offset: Offset = 0) -> ChartList:
        """List charts by their patient's name."""
        return await charts_with(organization, [], limit, offset)

    # A name in an address would stay in histories and logs: it is sent in the body.
    @router.post("/charts/search", tags=["Charts"])
    async def search_charts(organization: Id, body: ChartSearch) -> ChartList:
        """List the charts whose patient's name or MRN has each of the words."""
        return await charts_with(organization, body.q.lower().split(), body.limit, body.offset)

    async def charts_with(
        organization: str, words: Sequence[str], limit: int, offset: int
    ) -> ChartList:
        async with database.transaction() as tx:
            await facesheet.known_organization(tx, organization)
            rows = await queries.list_charts(tx, organization, words, limit, offset)
            total = await queries.count_charts(tx, organization, words)
        return ChartList(charts=[ChartSummary.of(row) for row in rows], total=total)

    @router.get("/charts/{chart}", tags=["Charts"])
    async def get_chart(organization: Id, chart: Id) -> ChartAnswer:
        """Return a chart's facesheet."""
        async with database.transaction() as tx:
            return ChartAnswer.of(await facesheet.load(tx, organization, chart))

    @router.get("/charts/{chart}/alerts", tags=["Charts"])
    async def get_alerts(organization: Id, chart: Id) -> list[AlertAnswer]:
        """Return the alerts at the top of a chart's facesheet, newest first."""
        async with database.transaction() as tx:
            if await queries.chart(tx, organization, chart) is None:
                raise facesheet.unknown("chart")
            rows = alerts.shown(await queries.alerts(tx, organization, chart))
        return [AlertAnswer.of(row) for row in rows]

    @router.post("/fhir", tags=["Charts"], openapi_extra=_BUNDLE)
    async def import_bundle(organization: Id, request: Request) -> ImportAnswer:
        """Import a FHIR R4 bundle: its patients become charts; what staff entered stays."""
        try:
            report = await asyncio.to_thread(fhir.read_bundle, await request.body())
        except fhir.FhirError as error:
            raise ProblemError(422, "bundle_unusable", str(error)) from error
        async with database.transaction() as tx:
            await facesheet.known_organization(tx, organization)
            entries = [bundles.entry_of(patient) for patient in report.patients]
            await commands.record_charts(tx, organization, entries)
        return ImportAnswer.of(report)


def _add_person_routes(router: APIRouter, database: Database) -> None:
    @router.post("/charts/{chart}/contacts", status_code=201, tags=["People"])
    async def add_contact(organization: Id, chart: Id, body: NewContactBody) -> PersonAnswer:
        """Put a contact on a chart."""
        async with database.transaction() as tx:
            row = await commands.add_contact(tx, organization, chart, body.given())
        return PersonAnswer.of(row)

    @router.patch("/charts/{chart}/people/{person}", tags=["People"])
    async def change_person(
        organization: Id, chart: Id, person: Id, body: PersonChanges
    ) -> PersonAnswer:
        """Change what is sent of a patient or contact; null takes a field away."""
        async with database.transaction() as tx:
            row = await commands.change_person(tx, organization, chart, person, body.given())
        return PersonAnswer.of(row)

    @router.post("/charts/{chart}/people/{person}/invitations", status_code=202, tags=["People"])
    async def invite(
        organization: Id,
        chart: Id,
        person: Id,
        body: InvitationBody | None = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Requested:
        """Ask that a person be invited to the portal; the alert tells what becomes of it."""
        invitation_id = idempotency_key or uuid4()
        invitee = Invitee(organization=organization, chart=chart, person=person)
        confirmed = body.email if body else None
        async with database.transaction() as tx:
            await commands.invite(tx, invitee, confirmed, _REQUESTED_BY, invitation_id)
        return Requested(invitation_id=invitation_id)

    @router.post("/charts/{chart}/people/{person}/revocation", status_code=202, tags=["People"])
    async def revoke(organization: Id, chart: Id, person: Id) -> RevocationRequested:
        """Ask that a person's open invitation be revoked."""
        invitee = Invitee(organization=organization, chart=chart, person=person)
        async with database.transaction() as tx:
            found = await commands.revoke(tx, invitee, _REQUESTED_BY)
        return RevocationRequested(request_id=found)
