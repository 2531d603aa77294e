"""My Account's first page: what is known of the account, how one signs in, and where one is."""

from fastapi import APIRouter
from fastapi.responses import Response

from chassis.database import Database
from services.portal_access import devices, queries
from services.portal_access.passkeys import Passkeys
from services.portal_access.sign_in import SignIn
from services.portal_access.visits import SignedIn

DONE = frozenset(
    {
        *("phone", "password", "email-asked", "app-added", "app-removed"),
        *("passkey-added", "passkey-removed", "signed-out", "signed-out-others"),
    }
)
"""What a page may say was done, by the word in the address that leads there."""


def routes(database: Database, sign_in: SignIn, passkeys: Passkeys) -> APIRouter:
    """Return the page."""
    router = APIRouter()

    @router.get("/account")
    async def show(visit: SignedIn, done: str = "") -> Response:
        """Show the visitor's own account."""
        account_id = visit.account.id
        async with database.transaction() as tx:
            methods = await queries.second_steps.methods(tx, account_id)
            keys = await queries.passkeys.of(tx, account_id)
            change = await queries.email_changes.pending(tx, account_id)
            sessions = await queries.sessions.of(tx, account_id)
        return visit.render(
            "account.html",
            methods=methods,
            passkeys=keys,
            passkeys_available=passkeys.available,
            change=change if change and change.expires_at > tx.now else None,
            sessions=sessions,
            here=sign_in.session_of(visit.request),
            device_in_words=devices.in_words,
            done=done if done in DONE else None,
        )

    return router
