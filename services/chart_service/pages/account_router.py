"""All pages of portal accounts, for administrators."""

from fastapi import APIRouter

from chassis.database import Database
from services.chart_service.pages import account_acts, account_email, accounts
from services.chart_service.portal_accounts import PortalAccounts


def routes(database: Database, portal: PortalAccounts) -> APIRouter:
    """Return the pages over this database and portal_access."""
    router = APIRouter(include_in_schema=False)
    router.include_router(accounts.routes(database, portal))
    router.include_router(account_acts.routes(database, portal))
    router.include_router(account_email.routes(database, portal))
    return router
