"""Pages of one organisation's portal that need no sign-in: whose they are, while it is open."""

from collections.abc import Awaitable, Callable

from chassis.database import Database
from chassis.web.languages import marked
from chassis.web.problems import ProblemError
from services.portal_access import queries
from services.portal_access.models import Brand


def open_brand(database: Database) -> Callable[[str], Awaitable[Brand]]:
    """Return what finds the organisation of addresses that begin with `/{organization}/`.

    Raises:
        ProblemError: 404, there is none of that name, or its portal is switched off.
    """

    async def find(organization: str) -> Brand:
        found = None
        if organization.isprintable():
            async with database.transaction() as tx:
                found = await queries.brands.brand(tx, organization)
        if found is None or not found.portal_enabled:
            sentence = marked("There is no patient portal at this address.")
            raise ProblemError(404, "not_found", sentence)
        return found

    return find
