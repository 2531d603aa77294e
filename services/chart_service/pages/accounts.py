"""Portal Accounts: the list, and an account with its connections and history. For administrators.

The accounts are portal_access's. Whose charts they are is looked up here.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from services.chart_service import audit
from services.chart_service.account_view import describe, names_of
from services.chart_service.audit import Act, Action
from services.chart_service.pages import account_words, forms, words
from services.chart_service.pages.visits import SignedInAsAdmin, Visit
from services.chart_service.portal_accounts import AwayError, Found, PortalAccounts, SilentError

PAGE_SIZE = 25
_STATES = frozenset({"active", "disabled"})
_LONGEST = 320
_DONE = {
    Action.ACCOUNT_DISABLED.value: "The account is disabled",
    Action.ACCOUNT_ENABLED.value: "The account is enabled",
    Action.ACCOUNT_DISCONNECTED.value: "The chart is disconnected",
    Action.ACCOUNT_SECOND_STEP_REMOVED.value: "The two-step sign-in is removed",
    Action.ACCOUNT_EMAIL_CHANGE_ASKED.value: "The verification is on its way to the new address",
}


def routes(database: Database, portal: PortalAccounts) -> APIRouter:
    """Return the pages over this database and portal_access."""
    router = APIRouter()

    @router.get("/accounts")
    async def accounts(
        visit: SignedInAsAdmin,
        status: str = "",
        page: Annotated[int, Query(ge=1, le=forms.LAST_PAGE)] = 1,
    ) -> Response:
        return await _list(visit, "", status if status in _STATES else "", page)

    # An address in a URL would stay in histories and logs: a search is sent as a form.
    @router.post("/accounts", dependencies=[Depends(protect)])
    async def search(visit: SignedInAsAdmin) -> Response:
        entered = await forms.values(visit.request)
        q, status = entered.get("q", "")[:_LONGEST], entered.get("status", "")
        status = status if status in _STATES else ""
        if not q:
            to = f"/accounts?status={status}" if status else "/accounts"
            return RedirectResponse(to, status_code=303)
        return await _list(visit, q, status, forms.page_number(entered))

    async def _list(visit: Visit, q: str, status: str, page: int) -> Response:
        organization = visit.organization.id
        found: Found | None = None
        try:
            found = await portal.search(
                organization, visit.actor, q, status or None, page, PAGE_SIZE
            )
        except (AwayError, SilentError):
            people = {}
        else:
            async with database.transaction() as tx:
                act = Act(organization, visit.actor, Action.ACCOUNTS_SEARCHED)
                await audit.record(tx, act)
                connections = [c for account in found.accounts for c in account.connections]
                people = await names_of(tx, organization, connections)
        return visit.render(
            "accounts.html",
            200 if found else 503,
            found=found,
            people=people,
            q=q,
            state=status,
            page=page,
            size=PAGE_SIZE,
            words=words,
        )

    @router.get("/accounts/{account}")
    async def show(visit: SignedInAsAdmin, account: UUID, done: str = "") -> Response:
        details = await portal.details(visit.organization.id, visit.actor, account)
        async with database.transaction() as tx:
            detail = {"account": str(account)}
            act = Act(visit.organization.id, visit.actor, Action.ACCOUNT_VIEWED, detail=detail)
            await audit.record(tx, act)
            view = await describe(tx, visit.organization.id, details)
        return visit.render(
            "account.html",
            account=details,
            view=view,
            done=_DONE.get(done),
            words=words,
            account_words=account_words,
        )

    return router
