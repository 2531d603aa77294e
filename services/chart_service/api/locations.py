"""An organisation's places, by HTTP."""

from fastapi import APIRouter

from chassis.database import Database
from services.chart_service import commands, facesheet, queries
from services.chart_service.api.callers import ReadsOrganization, WritesOrganization
from services.chart_service.api.paging import AskedPart
from services.chart_service.schemas.fields import Id
from services.chart_service.schemas.locations import LocationAnswer, LocationBody


def add_routes(router: APIRouter, database: Database) -> None:
    """Add the routes over this database."""

    @router.get("/locations", tags=["Settings"])
    async def list_locations(
        organization: Id, _caller: ReadsOrganization, part: AskedPart
    ) -> list[LocationAnswer]:
        """List the organisation's places, those that are over last."""
        async with database.transaction() as tx:
            await facesheet.known_organization(tx, organization)
            rows = await queries.locations.locations(tx, organization, part.rows)
        return [LocationAnswer.of(row) for row in part.of(rows)]

    @router.get("/locations/{location}", tags=["Settings"])
    async def get_location(
        organization: Id, location: Id, _caller: ReadsOrganization
    ) -> LocationAnswer:
        """Return a place."""
        async with database.transaction() as tx:
            return LocationAnswer.of(await facesheet.known_location(tx, organization, location))

    @router.put("/locations/{location}", tags=["Settings"])
    async def put_location(
        organization: Id, location: Id, body: LocationBody, caller: WritesOrganization
    ) -> LocationAnswer:
        """Make a place what is sent; what is left out stays as it is."""
        async with database.transaction() as tx:
            await facesheet.known_organization(tx, organization)
            await commands.locations.change_location(
                tx, organization, location, body.given(), caller.actor
            )
        async with database.transaction() as tx:
            return LocationAnswer.of(await facesheet.known_location(tx, organization, location))
