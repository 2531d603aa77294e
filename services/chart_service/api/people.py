"""The people of a chart, and their invitations, by HTTP."""

from typing import Annotated
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Header
from pydantic import BeforeValidator

from chassis.database import Database
from contracts.envelope import Invitee
from services.chart_service import audit, commands, facesheet, history, queries
from services.chart_service.api.callers import ReadsInvitations, WritesCharts, WritesInvitations
from services.chart_service.api.idempotency import OnlyOnce
from services.chart_service.api.paging import AskedPart
from services.chart_service.audit import Act, Action
from services.chart_service.schemas.fields import Id
from services.chart_service.schemas.history import HistoryAnswer
from services.chart_service.schemas.invitations import (
    InvitationBody,
    Requested,
    RevocationRequested,
)
from services.chart_service.schemas.people import NewContactBody, PersonAnswer, PersonChanges

IdempotencyKey = Annotated[
    UUID | None,
    BeforeValidator(lambda sent: sent.strip('"') if isinstance(sent, str) else sent),
    Header(
        description="A UUID of the request's own, bare or in double quotes; the invitation's id "
        "is made of it and the organisation. Sent again for the same person, at whatever time, it "
        "asks for no second invitation (draft-ietf-httpapi-idempotency-key-header)."
    ),
]


def add_routes(router: APIRouter, database: Database) -> None:
    """Add the routes over this database."""

    @router.post("/charts/{chart}/contacts", status_code=201, tags=["People"])
    async def add_contact(
        organization: Id, chart: Id, body: NewContactBody, caller: WritesCharts, once: OnlyOnce
    ) -> PersonAnswer:
        """Put a contact on a chart."""
        async with database.transaction() as tx:

            async def add() -> PersonAnswer:
                given = body.given()
                row = await commands.charts.add_contact(
                    tx, organization, chart, given, caller.actor
                )
                return PersonAnswer.of(row)

            return await once.answer(tx, PersonAnswer, add)

    @router.patch("/charts/{chart}/people/{person}", tags=["People"])
    async def change_person(
        organization: Id, chart: Id, person: Id, body: PersonChanges, caller: WritesCharts
    ) -> PersonAnswer:
        """Change what is sent of a patient or contact; null takes a field away."""
        async with database.transaction() as tx:
            row = await commands.charts.change_person(
                tx, organization, chart, person, body.given(), caller.actor
            )
        return PersonAnswer.of(row)

    @router.post("/charts/{chart}/people/{person}/invitations", status_code=202, tags=["People"])
    async def invite(
        organization: Id,
        chart: Id,
        person: Id,
        caller: WritesInvitations,
        body: InvitationBody | None = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Requested:
        """Ask that a person be invited to the portal; the alert tells what becomes of it."""
        # Other services know an event by its id alone: organisations must not share one.
        invitation_id = uuid5(idempotency_key, organization) if idempotency_key else uuid4()
        invitee = Invitee(organization=organization, chart=chart, person=person)
        confirmed = body.email if body else None
        async with database.transaction() as tx:
            await commands.invitations.invite(tx, invitee, confirmed, caller.actor, invitation_id)
        return Requested(invitation_id=invitation_id)

    @router.get("/charts/{chart}/people/{person}/invitations", tags=["People"])
    async def get_history(
        organization: Id, chart: Id, person: Id, caller: ReadsInvitations, part: AskedPart
    ) -> list[HistoryAnswer]:
        """Return the history of a person's invitations, the newest first."""
        invitee = Invitee(organization=organization, chart=chart, person=person)
        async with database.transaction() as tx:
            await facesheet.person(tx, organization, chart, person)
            steps = await queries.history.history(tx, invitee)
            await audit.record(tx, Act.on(invitee, caller.actor, Action.HISTORY_VIEWED))
        found = history.by_invitation(steps)
        return [HistoryAnswer.of(one) for one in part.of(found[part.rows])]

    @router.post("/charts/{chart}/people/{person}/revocation", status_code=202, tags=["People"])
    async def revoke(
        organization: Id, chart: Id, person: Id, caller: WritesInvitations, once: OnlyOnce
    ) -> RevocationRequested:
        """Ask that a person's open invitation be revoked."""
        invitee = Invitee(organization=organization, chart=chart, person=person)
        async with database.transaction() as tx:

            async def ask() -> RevocationRequested:
                asked = await commands.invitations.revoke(tx, invitee, caller.actor)
                return RevocationRequested(request_id=asked)

            return await once.answer(tx, RevocationRequested, ask)
