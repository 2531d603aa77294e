"""My Account: one's own e-mail address and phone number. The chart keeps its own."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.security.seal import Seal
from chassis.web.csrf import protect
from chassis.web.languages import gettext, marked
from services.portal_access import account_news, accounts, queries, rules, throttle
from services.portal_access.accounts import Admin
from services.portal_access.models import Happened
from services.portal_access.throttle import network_address
from services.portal_access.visits import Confirmed, SignedIn, Visit

Text = Annotated[str, Form(max_length=400)]

_NOT_AN_ADDRESS = marked("Enter an e-mail address, such as name@example.com")
_HAS_IT_ALREADY = marked("Your account has this e-mail address already")
_NOT_A_NUMBER = marked("Enter a phone number, such as +1 202-555-0143, or leave this empty")


def routes(database: Database, seal: Seal) -> APIRouter:
    """Return the pages."""
    router = APIRouter()

    @router.get("/account/email")
    async def show_email(visit: Confirmed) -> Response:
        """Ask for a new address."""
        return visit.render("account_email.html", errors=[], email="")

    @router.post("/account/email", dependencies=[Depends(protect)])
    async def change_email(visit: Confirmed, email: Text = "") -> Response:
        """Send a link to the new address; until it is followed, the old one stays."""
        sentence = _problem_with(email, visit) or await _ask(visit, email.strip())
        if sentence:
            errors = [("email", gettext(sentence))]
            return visit.render("account_email.html", 422, errors=errors, email=email)
        return RedirectResponse("/account?done=email-asked", 303)

    @router.get("/account/phone")
    async def show_phone(visit: SignedIn) -> Response:
        """Ask for a phone number."""
        return visit.render("account_phone.html", errors=[], phone=visit.account.phone or "")

    @router.post("/account/phone", dependencies=[Depends(protect)])
    async def change_phone(visit: SignedIn, phone: Text = "") -> Response:
        """Keep a phone number, or none."""
        entered = phone.strip()
        if entered and not rules.is_phone(entered):
            errors = [("phone", gettext(_NOT_A_NUMBER))]
            return visit.render("account_phone.html", 422, errors=errors, phone=phone)
        async with database.transaction() as tx:
            await queries.accounts.change_phone(tx, visit.account.id, entered or None)
            await account_news.note(tx, visit.account, Happened.PHONE_CHANGED)
        return RedirectResponse("/account?done=phone", 303)

    async def _ask(visit: Visit, email: str) -> str | None:
        # Whether another account has the address learns only who can read its mail.
        account = visit.account
        holder = Admin(account.organization_id, account_news.holder_of(account))
        counted = throttle.sources(
            account.organization_id, str(account.id), network_address(visit.request), "new address "
        )
        async with database.transaction() as tx:
            if not await throttle.count(tx, counted, throttle.MOST_MAILS):
                return throttle.TOO_OFTEN
            locked = await accounts.locked(tx, holder, account.id)
            await accounts.ask(tx, holder, locked, email, seal)
        return None

    return router


def _problem_with(email: str, visit: Visit) -> str | None:
    key = rules.email_key(email)
    if not rules.is_email(key):
        return _NOT_AN_ADDRESS
    return _HAS_IT_ALREADY if key == visit.account.email_key else None
