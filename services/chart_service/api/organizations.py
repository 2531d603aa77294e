"""Organisations and their staff, by HTTP."""

from uuid import uuid4

from fastapi import APIRouter

from chassis.database import Database
from chassis.security import passwords
from chassis.web.problems import ProblemError
from services.chart_service import commands, facesheet, queries, rules
from services.chart_service.api.callers import ReadsOrganization, WritesOrganization, WritesStaff
from services.chart_service.models import Staff
from services.chart_service.schemas.fields import Id
from services.chart_service.schemas.organizations import (
    NewOrganizationId,
    OrganizationBody,
    StaffAnswer,
    StaffBody,
)


def add_routes(router: APIRouter, database: Database) -> None:
    """Add the routes over this database."""

    @router.put("", tags=["Organisations"])
    async def put_organization(
        organization: NewOrganizationId, body: OrganizationBody, caller: WritesOrganization
    ) -> OrganizationBody:
        """Make an organisation what is sent; the other services learn of it."""
        async with database.transaction() as tx:
            await commands.organizations.put_organization(tx, body.row(organization), caller.actor)
        return body

    @router.get("", tags=["Organisations"])
    async def get_organization(organization: Id, _caller: ReadsOrganization) -> OrganizationBody:
        """Return an organisation."""
        async with database.transaction() as tx:
            return OrganizationBody.of(await facesheet.known_organization(tx, organization))

    @router.post("/staff", status_code=201, tags=["Organisations"])
    async def add_staff(organization: Id, body: StaffBody, _caller: WritesStaff) -> StaffAnswer:
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
                role=body.role.value,
            )
            if not await queries.staff.add_staff(tx, staff):
                raise ProblemError(409, "staff_exists", "Somebody signs in with this address.")
            return StaffAnswer(**staff.model_dump())
