"""My Account: an authenticator app, added and removed, and the recovery codes that go with it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.languages import gettext, marked
from services.portal_access import account_news, authenticators, queries, recovery_codes
from services.portal_access.authenticators import Authenticators
from services.portal_access.models import Happened
from services.portal_access.visits import Confirmed, Visit

Text = Annotated[str, Form(max_length=100)]

_PAGE = "/account/app"
_WRONG = marked("This code is not right. Enter the newest one that your app shows")
_GROUP = 4


def routes(database: Database, apps: Authenticators) -> APIRouter:
    """Return the pages."""
    router = APIRouter()

    @router.post(f"{_PAGE}/new", dependencies=[Depends(protect)])
    async def begin(visit: Confirmed) -> Response:
        """Make a secret for an app."""
        async with database.transaction() as tx:
            await apps.propose(tx, visit.account.id)
        return RedirectResponse(_PAGE, 303)

    @router.get(_PAGE)
    async def show(visit: Confirmed) -> Response:
        """Show the secret to the visitor's app, and ask for its first code."""
        return await _page(visit)

    @router.post(_PAGE, dependencies=[Depends(protect)])
    async def confirm(visit: Confirmed, code: Text = "") -> Response:
        """Let the app count, if its code is right."""
        async with database.transaction() as tx:
            is_right = await apps.confirm(tx, visit.account.id, code)
            if is_right:
                await account_news.note_and_tell(tx, visit.account, Happened.AUTHENTICATOR_ADDED)
        if not is_right:
            return await _page(visit, [("code", gettext(_WRONG))])
        return await _to_codes_or(visit, "app-added")

    @router.post(f"{_PAGE}/remove", dependencies=[Depends(protect)])
    async def remove(visit: Confirmed) -> Response:
        """Let the app count no longer."""
        async with database.transaction() as tx:
            if await queries.authenticators.remove(tx, visit.account.id):
                await account_news.note_and_tell(tx, visit.account, Happened.AUTHENTICATOR_REMOVED)
            await recovery_codes.drop_if_useless(tx, visit.account.id)
        return RedirectResponse("/account?done=app-removed", 303)

    async def _page(visit: Visit, errors: list[tuple[str, str]] | None = None) -> Response:
        async with database.transaction() as tx:
            secret = await apps.proposed(tx, visit.account.id)
        if secret is None:
            return RedirectResponse("/account", 303)
        address = authenticators.address_of(secret, visit.account.email, visit.brand.name)
        groups = [secret[at : at + _GROUP] for at in range(0, len(secret), _GROUP)]
        return visit.render(
            "account_app.html",
            422 if errors else 200,
            picture=authenticators.picture_of(address),
            secret=" ".join(groups),
            errors=errors or [],
        )

    async def _to_codes_or(visit: Visit, done: str) -> Response:
        async with database.transaction() as tx:
            methods = await queries.second_steps.methods(tx, visit.account.id)
        there = f"/account?done={done}" if methods.codes else "/account/recovery-codes"
        return RedirectResponse(there, 303)

    return router
