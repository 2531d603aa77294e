"""My Account: where one is signed in, and signing out there."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web import sessions
from chassis.web.csrf import protect
from services.portal_access import queries
from services.portal_access.sign_in import SignIn
from services.portal_access.visits import Confirmed


def routes(database: Database, sign_in: SignIn) -> APIRouter:
    """Return what the buttons do."""
    router = APIRouter()

    @router.post("/account/sessions/end", dependencies=[Depends(protect)])
    async def end(
        visit: Confirmed, session: Annotated[str, Form(pattern=r"^[0-9a-f]{64}$")]
    ) -> Response:
        """Sign the visitor out on one device."""
        async with database.transaction() as tx:
            await queries.sessions.end(tx, visit.account.id, bytes.fromhex(session))
        return RedirectResponse("/account?done=signed-out", 303)

    @router.post("/account/sessions/end-others", dependencies=[Depends(protect)])
    async def end_others(visit: Confirmed) -> Response:
        """Sign the visitor out everywhere else."""
        async with database.transaction() as tx:
            kept = sign_in.token_of(visit.request)
            await sessions.end_all(tx, str(visit.account.id), kept)
        return RedirectResponse("/account?done=signed-out-others", 303)

    @router.post("/account/sessions/end-all", dependencies=[Depends(protect)])
    async def end_all(visit: Confirmed) -> Response:
        """Sign the visitor out everywhere, here too."""
        organization = visit.account.organization_id
        response = RedirectResponse(f"/{organization}/sign-in?notice=signed-out", 303)
        async with database.transaction() as tx:
            await sessions.end_all(tx, str(visit.account.id))
        await sign_in.end(visit.request, response)
        return response

    return router
