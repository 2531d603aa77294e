"""Invite to Portal: is this e-mail correct? Then the invitation is asked for."""

from uuid import uuid4

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.problems import ProblemError
from contracts.envelope import Identifier, Invitee
from services.chart_service import commands, facesheet
from services.chart_service.pages import alert_words, forms
from services.chart_service.pages.visits import SignedIn, Visit


def routes(database: Database) -> APIRouter:
    """Return the pages over this database, for staff who signed in."""
    router = APIRouter()

    @router.get("/charts/{chart}/people/{person}/invite")
    async def ask(visit: SignedIn, chart: Identifier, person: Identifier) -> Response:
        return await _question(visit, chart, person)

    @router.post("/charts/{chart}/people/{person}/invite", dependencies=[Depends(protect)])
    async def invite(visit: SignedIn, chart: Identifier, person: Identifier) -> Response:
        entered = await forms.values(visit.request)
        invitee = Invitee(organization=visit.organization.id, chart=chart, person=person)
        try:
            invitation_id = forms.id_in(entered)
            async with database.transaction() as tx:
                confirmed = entered.get("email", "")
                await commands.invitations.invite(
                    tx, invitee, confirmed, visit.actor, invitation_id
                )
        except ProblemError as problem:
            return await _question(visit, chart, person, problem)
        return RedirectResponse(f"/charts/{chart}", status_code=303)

    async def _question(
        visit: Visit, chart: str, person: str, problem: ProblemError | None = None
    ) -> Response:
        async with database.transaction() as tx:
            sheet = await facesheet.look_at(tx, visit.organization.id, chart, visit.actor)
        return visit.render(
            "invite.html",
            problem.status if problem else 200,
            sheet=sheet,
            person=sheet.person(person),
            # Made with the page, so that pressing the button twice asks for one invitation.
            invitation_id=uuid4(),
            problem=problem.detail if problem else None,
            alert_words=alert_words,
        )

    return router
