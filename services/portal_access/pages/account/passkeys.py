"""My Account: passkeys, added and removed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response
from webauthn.helpers import base64url_to_bytes

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.languages import gettext, marked
from services.portal_access import account_news, devices, queries, recovery_codes
from services.portal_access.models import Happened
from services.portal_access.passkey_cookie import PasskeyCookie
from services.portal_access.passkeys import Passkeys
from services.portal_access.visits import Confirmed, Visit

Name = Annotated[str, Form(max_length=100)]
Credential = Annotated[str, Form(max_length=20_000)]
Id = Annotated[str, Form(pattern=r"^[A-Za-z0-9_-]{1,1400}$")]

_PAGE = "/account/passkeys"
_NOT_MADE = marked("The passkey could not be added. Try again")


def routes(database: Database, passkeys: Passkeys, cookie: PasskeyCookie) -> APIRouter:
    """Return the pages; where there can be no passkeys, none of them."""
    router = APIRouter()
    if not passkeys.available:
        return router

    @router.get(f"{_PAGE}/new")
    async def show(visit: Confirmed) -> Response:
        """Say what a passkey is, and offer to make one."""
        return _page(visit)

    @router.post(f"{_PAGE}/options", dependencies=[Depends(protect)])
    async def begin(visit: Confirmed) -> Response:
        """Return what the browser asks the visitor's device; the page's script calls this."""
        begun = await passkeys.ask_to_add(visit.account, visit.brand)
        return cookie.answer(begun)

    @router.post(f"{_PAGE}/new", dependencies=[Depends(protect)])
    async def add(visit: Confirmed, credential: Credential = "", name: Name = "") -> Response:
        """Keep the passkey that the visitor's device made."""
        named = name.strip() or devices.in_words(devices.device_of(visit.request))
        ceremony = cookie.name(visit.request)
        async with database.transaction() as tx:
            added = await passkeys.add(tx, visit.account, ceremony, credential, named)
            if added:
                await account_news.note_and_tell(tx, visit.account, Happened.PASSKEY_ADDED)
            methods = await queries.second_steps.methods(tx, visit.account.id)
        if not added:
            return _page(visit, [("name", gettext(_NOT_MADE))])
        there = "/account?done=passkey-added" if methods.codes else "/account/recovery-codes"
        return RedirectResponse(there, 303)

    @router.post(f"{_PAGE}/remove", dependencies=[Depends(protect)])
    async def remove(visit: Confirmed, passkey: Id) -> Response:
        """Let a passkey open the account no longer."""
        async with database.transaction() as tx:
            if await queries.passkeys.remove(tx, visit.account.id, base64url_to_bytes(passkey)):
                await account_news.note_and_tell(tx, visit.account, Happened.PASSKEY_REMOVED)
            await recovery_codes.drop_if_useless(tx, visit.account.id)
        return RedirectResponse("/account?done=passkey-removed", 303)

    def _page(visit: Visit, errors: list[tuple[str, str]] | None = None) -> Response:
        suggested = devices.in_words(devices.device_of(visit.request))
        status = 422 if errors else 200
        return visit.render("account_passkey.html", status, errors=errors or [], name=suggested)

    return router
