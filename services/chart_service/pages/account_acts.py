"""Portal Accounts: what administrators do, each act asked for on a page of its own first."""

from collections.abc import Awaitable
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.problems import ProblemError
from contracts.envelope import Identifier
from contracts.scopes import Role
from services.chart_service import audit
from services.chart_service.account_view import describe
from services.chart_service.audit import Act, Action
from services.chart_service.pages import account_words, words
from services.chart_service.pages.visits import SignedInAsAdmin, Visit
from services.chart_service.portal_accounts import (
    Connection,
    PortalAccounts,
    SilentError,
)


def routes(database: Database, portal: PortalAccounts) -> APIRouter:
    """Return the pages over this database and portal_access."""
    router = APIRouter(prefix="/accounts/{account}")

    @router.get("/disable")
    async def ask_to_disable(visit: SignedInAsAdmin, account: UUID) -> Response:
        return await _question(visit, account, "account_disable.html")

    @router.post("/disable", dependencies=[Depends(protect)])
    async def disable(visit: SignedInAsAdmin, account: UUID) -> Response:
        call = portal.disable(visit.organization.id, visit.actor, account)
        return await carry_out(database, call, visit, Action.ACCOUNT_DISABLED, account)

    @router.get("/enable")
    async def ask_to_enable(visit: SignedInAsAdmin, account: UUID) -> Response:
        return await _question(visit, account, "account_enable.html")

    @router.post("/enable", dependencies=[Depends(protect)])
    async def enable(visit: SignedInAsAdmin, account: UUID) -> Response:
        call = portal.enable(visit.organization.id, visit.actor, account)
        return await carry_out(database, call, visit, Action.ACCOUNT_ENABLED, account)

    @router.get("/second-step")
    async def ask_to_remove_second_step(visit: SignedInAsAdmin, account: UUID) -> Response:
        return await _question(visit, account, "account_second_step.html")

    @router.post("/second-step", dependencies=[Depends(protect)])
    async def remove_second_step(visit: SignedInAsAdmin, account: UUID) -> Response:
        call = portal.remove_second_step(visit.organization.id, visit.actor, account)
        action = Action.ACCOUNT_SECOND_STEP_REMOVED
        return await carry_out(database, call, visit, action, account)

    @router.get("/disconnect/{chart}/{role}")
    async def ask_to_disconnect(
        visit: SignedInAsAdmin, account: UUID, chart: Identifier, role: Role
    ) -> Response:
        return await _question(visit, account, "account_disconnect.html", chart, role)

    @router.post("/disconnect/{chart}/{role}", dependencies=[Depends(protect)])
    async def disconnect(
        visit: SignedInAsAdmin, account: UUID, chart: Identifier, role: Role
    ) -> Response:
        details = await portal.details(visit.organization.id, visit.actor, account)
        connection = details.connection(chart, role)
        call = portal.disconnect(visit.organization.id, visit.actor, account, chart, role)
        return await carry_out(
            database, call, visit, Action.ACCOUNT_DISCONNECTED, account, connection
        )

    async def _question(
        visit: Visit, account: UUID, template: str, chart: str = "", role: str = ""
    ) -> Response:
        details = await portal.details(visit.organization.id, visit.actor, account)
        async with database.transaction() as tx:
            view = await describe(tx, visit.organization.id, details)
        row = next((c for c in view.connections if (c.chart, c.role) == (chart, role)), None)
        if chart and row is None:
            sentence = "This account is not connected to this chart any more."
            raise ProblemError(404, "connection_unknown", sentence)
        return visit.render(
            template,
            account=details,
            view=view,
            connection=row,
            words=words,
            account_words=account_words,
        )

    return router


async def carry_out(
    database: Database,
    call: Awaitable[object],
    visit: Visit,
    action: Action,
    account: UUID,
    connection: Connection | None = None,
) -> Response:
    """Call portal_access, note in the audit log who did what, and go back to the account.

    When nobody can tell whether it was done, the log says so.
    """
    unanswered: SilentError | None = None
    try:
        await call
    except SilentError as error:
        unanswered = error
    chart, person = (connection.chart, connection.person) if connection else (None, None)
    detail = {"account": str(account)} | ({"answered": False} if unanswered else {})
    act = Act(visit.organization.id, visit.actor, action, chart, person, detail)
    async with database.transaction() as tx:
        await audit.record(tx, act)
    if unanswered:
        raise unanswered
    return RedirectResponse(f"/accounts/{account}?done={action}", status_code=303)
