"""My Account: recovery codes, shown once when they are made."""

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from chassis.database import Database
from chassis.web.csrf import protect
from services.portal_access import account_news, queries, recovery_codes
from services.portal_access.models import Happened
from services.portal_access.visits import Confirmed

_PAGE = "/account/recovery-codes"


def routes(database: Database) -> APIRouter:
    """Return the pages."""
    router = APIRouter()

    @router.get(_PAGE)
    async def show(visit: Confirmed) -> Response:
        """Say what recovery codes are for, and offer new ones."""
        async with database.transaction() as tx:
            methods = await queries.second_steps.methods(tx, visit.account.id)
        return visit.render("account_recovery.html", methods=methods, codes=None)

    @router.post(_PAGE, dependencies=[Depends(protect)])
    async def make(visit: Confirmed) -> Response:
        """Make ten codes, and show them this once; those before work no longer."""
        codes = recovery_codes.new_codes()
        hashes = await recovery_codes.hashes_of(codes)
        async with database.transaction() as tx:
            await queries.recovery_codes.replace(tx, visit.account.id, hashes)
            await account_news.note_and_tell(tx, visit.account, Happened.RECOVERY_CODES_MADE)
            methods = await queries.second_steps.methods(tx, visit.account.id)
        return visit.render("account_recovery.html", methods=methods, codes=codes)

    return router
