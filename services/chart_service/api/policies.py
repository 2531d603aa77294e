"""The terms and the privacy policy, by HTTP."""

from fastapi import APIRouter

from chassis.database import Database
from contracts.chart import PolicyKind
from services.chart_service import commands, facesheet, queries
from services.chart_service.api.callers import ReadsOrganization, WritesOrganization
from services.chart_service.api.paging import AskedPart
from services.chart_service.schemas.fields import Id
from services.chart_service.schemas.policies import PolicyAnswer, PolicyBody


def add_routes(router: APIRouter, database: Database) -> None:
    """Add the routes over this database."""

    @router.get("/policies", tags=["Settings"])
    async def list_policies(
        organization: Id, _caller: ReadsOrganization, part: AskedPart
    ) -> list[PolicyAnswer]:
        """List the versions of both texts, the newest first."""
        async with database.transaction() as tx:
            await facesheet.known_organization(tx, organization)
            rows = await queries.policies.policies(tx, organization, part.rows)
        return [PolicyAnswer.of(row) for row in part.of(rows)]

    @router.put("/policies/{kind}", tags=["Settings"])
    async def put_policy(
        organization: Id, kind: PolicyKind, body: PolicyBody, caller: WritesOrganization
    ) -> PolicyAnswer:
        """Publish a text; the one that is published already stays the version it is."""
        async with database.transaction() as tx:
            policy, _ = await commands.policies.publish(
                tx, organization, kind, body.text, caller.actor
            )
        return PolicyAnswer.of(policy)
