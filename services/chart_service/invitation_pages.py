"""Invite to Portal: is this e-mail correct? Then the invitation is asked for."""

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.problems import ProblemError
from contracts.envelope import Identifier, Invitee
from services.chart_service import commands, facesheet, forms, words
from services.chart_service.visits import SignedIn, Visit


def routes(database: Database) -> APIRouter:
    """Return the pages over this database, for staff who signed in."""
    router = APIRouter()

    @router.get("/charts/{chart}/people/{person}/invite")
    async def ask(visit: SignedIn, chart: Identifier, person: Identifier) -> Response:
        return await _question(visit, chart, person)

    @router.post("/charts/{chart}/people/{person}/invite", dependencies=[Depends(protect)])
    async def invite(visit: SignedIn, chart: Identifier, person: Identifier) -> Response:
        confirmed = (await forms.values(visit.request)).get("email", "")
        invitee = Invitee(organization=visit.organization.id, chart=chart, person=person)
        try:
            async with database.transaction() as tx:
                await commands.invite(tx, invitee, confirmed, f"staff:{visit.staff.id}")
        except ProblemError as problem:
            return await _question(visit, chart, person, problem)
        return RedirectResponse(f"/charts/{chart}", status_code=303)

    async def _question(
        visit: Visit, chart: str, person: str, problem: ProblemError | None = None
    ) -> Response:
        async with database.transaction() as tx:
            sheet = await facesheet.load(tx, visit.organization.id, chart)
        return visit.render(
            "invite.html",
            problem.status if problem else 200,
            sheet=sheet,
            person=sheet.person(person),
            problem=problem.detail if problem else None,
            words=words,
        )

    return router
