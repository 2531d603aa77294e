"""The pages of My Account, put together."""

from fastapi import APIRouter

from chassis.database import Database
from chassis.security.seal import Seal
from services.portal_access.authenticators import Authenticators
from services.portal_access.pages.account import (
    authenticator,
    contact,
    overview,
    passkeys,
    password,
    recovery,
    sessions,
)
from services.portal_access.passkey_cookie import PasskeyCookie
from services.portal_access.passkeys import Passkeys
from services.portal_access.sign_in import SignIn


def routes(
    database: Database,
    sign_in: SignIn,
    apps: Authenticators,
    keys: Passkeys,
    cookie: PasskeyCookie,
    link_seal: Seal,
) -> APIRouter:
    """Return the pages below /account, for those who signed in."""
    router = APIRouter(include_in_schema=False)
    router.include_router(overview.routes(database, sign_in, keys))
    router.include_router(contact.routes(database, link_seal))
    router.include_router(password.routes(database, sign_in))
    router.include_router(sessions.routes(database, sign_in))
    router.include_router(authenticator.routes(database, apps))
    router.include_router(recovery.routes(database))
    router.include_router(passkeys.routes(database, keys, cookie))
    return router
