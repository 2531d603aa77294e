"""Portal Accounts: another e-mail address for an account, once its holder has verified it."""

from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.problems import ProblemError
from services.chart_service import rules
from services.chart_service.audit import Action
from services.chart_service.pages import forms
from services.chart_service.pages.account_acts import carry_out
from services.chart_service.pages.visits import SignedInAsAdmin, Visit
from services.chart_service.portal_accounts import Details, PortalAccounts

_CONFLICT = 409
_LONGEST = 320
_INVALID = "Enter an e-mail address like name@example.org"


def routes(database: Database, portal: PortalAccounts) -> APIRouter:
    """Return the pages over this database and portal_access."""
    router = APIRouter(prefix="/accounts/{account}/email")

    @router.get("")
    async def edit_email(visit: SignedInAsAdmin, account: UUID) -> Response:
        return _email_form(visit, await portal.details(visit.organization.id, visit.actor, account))

    @router.post("", dependencies=[Depends(protect)])
    async def change_email(visit: SignedInAsAdmin, account: UUID) -> Response:
        email = (await forms.values(visit.request)).get("email", "")
        details = await portal.details(visit.organization.id, visit.actor, account)
        if len(email) > _LONGEST or not rules.is_deliverable(email):
            return _email_form(visit, details, email, _INVALID)
        call = portal.change_email(visit.organization.id, visit.actor, account, email)
        try:
            return await carry_out(
                database, call, visit, Action.ACCOUNT_EMAIL_CHANGE_ASKED, account
            )
        except ProblemError as problem:
            if problem.status != _CONFLICT:
                raise
            return _email_form(visit, details, email, problem.detail)

    @router.post("/resend", dependencies=[Depends(protect)])
    async def resend(visit: SignedInAsAdmin, account: UUID) -> Response:
        call = portal.resend(visit.organization.id, visit.actor, account)
        return await carry_out(database, call, visit, Action.ACCOUNT_EMAIL_CHANGE_ASKED, account)

    return router


def _email_form(
    visit: Visit, account: Details, email: str = "", error: str | None = None
) -> Response:
    return visit.render(
        "account_email.html",
        422 if error else 200,
        account=account,
        email=email,
        errors=[("email", error.rstrip("."))] if error else [],
    )
