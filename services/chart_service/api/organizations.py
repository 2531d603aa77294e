"""Organisations and their staff, by HTTP."""

from fastapi import APIRouter

from chassis.database import Database
from chassis.security import passwords
from chassis.web.problems import ProblemError
from services.chart_service import commands, facesheet
from services.chart_service.api.callers import ReadsOrganization, WritesOrganization, WritesStaff
from services.chart_service.api.idempotency import OnlyOnce
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
        """Make an organisation what is sent; what is left out stays as its settings say.

        The other services learn of it.
        """
        async with database.transaction() as tx:
            await commands.organizations.change_organization(
                tx, organization, body.given(), caller.actor
            )
        async with database.transaction() as tx:
            return OrganizationBody.of(await facesheet.known_organization(tx, organization))

    @router.get("", tags=["Organisations"])
    async def get_organization(organization: Id, _caller: ReadsOrganization) -> OrganizationBody:
        """Return an organisation."""
        async with database.transaction() as tx:
            return OrganizationBody.of(await facesheet.known_organization(tx, organization))

    @router.post("/staff", status_code=201, tags=["Organisations"])
    async def add_staff(
        organization: Id, body: StaffBody, caller: WritesStaff, once: OnlyOnce
    ) -> StaffAnswer:
        """Let somebody sign in to the pages of this organisation.

        Without a password they sign in at the OpenID provider, or an administrator hands them a
        link to choose one.
        """
        password_hash = None
        if body.password is not None:
            if problem := passwords.problem_with(body.password, body.email):
                raise ProblemError(422, "password_weak", f"{problem}.")
            password_hash = await passwords.hash_password(body.password)
        new = commands.staff.new_staff(
            organization, body.email, body.name, body.role, password_hash
        )
        async with database.transaction() as tx:

            async def add() -> StaffAnswer:
                await commands.staff.add(tx, new, caller.actor)
                return StaffAnswer(**new.model_dump())

            return await once.answer(tx, StaffAnswer, add)
