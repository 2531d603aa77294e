"""How a user signs in (portal administrators): new links, deactivating, unlinking."""

from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.problems import ProblemError
from services.chart_service import commands
from services.chart_service.models import Staff
from services.chart_service.pages import users
from services.chart_service.pages.oidc import Offer
from services.chart_service.pages.visits import SignedInAsAdmin, Visit


def routes(database: Database, offer: Offer, emr_url: str) -> APIRouter:
    """Return the pages over this database, for portal administrators."""
    router = APIRouter()

    @router.get("/users/{user}/password-reset")
    async def ask_to_reset(visit: SignedInAsAdmin, user: UUID) -> Response:
        return visit.render("reset_password.html", user=await _user(visit, user))

    @router.post("/users/{user}/password-reset", dependencies=[Depends(protect)])
    async def reset(visit: SignedInAsAdmin, user: UUID) -> Response:
        if not offer.passwords:
            raise ProblemError(409, "passwords_off", "Passwords are switched off here.")
        async with database.transaction() as tx:
            known, code = await commands.staff.reset_password(
                tx, visit.organization.id, user, visit.actor
            )
        return users.hand_over(visit, known, users.link_with(emr_url, code), offer)

    @router.get("/users/{user}/deactivation")
    async def ask_to_deactivate(visit: SignedInAsAdmin, user: UUID) -> Response:
        return visit.render("deactivate_user.html", user=await _user(visit, user), problem=None)

    @router.post("/users/{user}/deactivation", dependencies=[Depends(protect)])
    async def deactivate(visit: SignedInAsAdmin, user: UUID) -> Response:
        try:
            return await _set_active(visit, user, False)
        except ProblemError as problem:
            known, why = await _user(visit, user), problem.detail
            return visit.render("deactivate_user.html", problem.status, user=known, problem=why)

    @router.post("/users/{user}/reactivation", dependencies=[Depends(protect)])
    async def reactivate(visit: SignedInAsAdmin, user: UUID) -> Response:
        return await _set_active(visit, user, True)

    @router.post("/users/{user}/unlinking", dependencies=[Depends(protect)])
    async def unlink(visit: SignedInAsAdmin, user: UUID) -> Response:
        async with database.transaction() as tx:
            await commands.staff.unlink(tx, visit.organization.id, user, visit.actor)
        return RedirectResponse(f"/users/{user}?done=unlinked", status_code=303)

    async def _set_active(visit: Visit, user: UUID, active: bool) -> Response:
        async with database.transaction() as tx:
            await commands.staff.set_active(tx, visit.organization.id, user, active, visit.actor)
        done = "reactivated" if active else "deactivated"
        return RedirectResponse(f"/users/{user}?done={done}", status_code=303)

    async def _user(visit: Visit, user: UUID) -> Staff:
        async with database.transaction() as tx:
            return await commands.staff.member(tx, visit.organization.id, user)

    return router
