"""What staff do about an alert on the facesheet besides inviting: revoke, dismiss."""

from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from contracts.envelope import Identifier, Invitee
from services.chart_service import commands, facesheet
from services.chart_service.pages.visits import SignedIn


def routes(database: Database) -> APIRouter:
    """Return the pages over this database, for staff who signed in."""
    router = APIRouter()

    @router.get("/charts/{chart}/people/{person}/revoke")
    async def ask(visit: SignedIn, chart: Identifier, person: Identifier) -> Response:
        async with database.transaction() as tx:
            sheet = await facesheet.look_at(tx, visit.organization.id, chart, visit.actor)
        somebody = sheet.person(person)
        opened = sheet.open_invitations.get(person)
        return visit.render("revoke.html", sheet=sheet, person=somebody, opened=opened)

    @router.post("/charts/{chart}/people/{person}/revoke", dependencies=[Depends(protect)])
    async def revoke(visit: SignedIn, chart: Identifier, person: Identifier) -> Response:
        invitee = Invitee(organization=visit.organization.id, chart=chart, person=person)
        async with database.transaction() as tx:
            await commands.invitations.revoke(tx, invitee, visit.actor)
        return RedirectResponse(f"/charts/{chart}?done=revoking", status_code=303)

    @router.post("/charts/{chart}/alerts/{invitation}/dismiss", dependencies=[Depends(protect)])
    async def dismiss(visit: SignedIn, chart: Identifier, invitation: UUID) -> Response:
        async with database.transaction() as tx:
            await commands.invitations.dismiss(
                tx, visit.organization.id, chart, invitation, visit.actor
            )
        return RedirectResponse(f"/charts/{chart}?done=dismissed", status_code=303)

    return router
