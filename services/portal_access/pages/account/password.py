"""My Account: another password, and the password again before what bears on signing in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.security import passwords
from chassis.web.csrf import protect
from chassis.web.languages import gettext, marked
from services.portal_access import forgotten, language_choice
from services.portal_access.sign_in import Refusal, SignIn, refused
from services.portal_access.throttle import network_address
from services.portal_access.visits import CONFIRM, SignedIn, Visit

Text = Annotated[str, Form(max_length=2000)]
Errors = list[tuple[str, str]]

_WRONG = marked("This password is not right")


def routes(database: Database, sign_in: SignIn) -> APIRouter:
    """Return the pages."""
    router = APIRouter()

    @router.get("/account/password")
    async def show(visit: SignedIn) -> Response:
        """Ask for the password and a new one."""
        return visit.render("account_password.html", errors=[])

    @router.post("/account/password", dependencies=[Depends(protect)])
    async def change(visit: SignedIn, password: Text = "", new_password: Text = "") -> Response:
        """Change the password; the visitor's other sessions end."""
        problem = passwords.problem_with(new_password, visit.brand.name, visit.account.email)
        errors: Errors = [("new_password", problem)] if problem else []
        status, wrong = await _check(visit, password)
        if wrong or errors:
            both = ([("password", wrong)] if wrong else []) + errors
            return visit.render("account_password.html", status, errors=both)
        password_hash = await passwords.hash_password(new_password)
        async with database.transaction() as tx:
            kept = sign_in.token_of(visit.request)
            await forgotten.change(tx, visit.account, password_hash, kept)
        return RedirectResponse("/account?done=password", 303)

    @router.get(CONFIRM)
    async def ask_again(visit: SignedIn, then: str = "/account") -> Response:
        """Ask for the password again."""
        return visit.render("account_confirm.html", errors=[], then=then)

    @router.post(CONFIRM, dependencies=[Depends(protect)])
    async def confirm(visit: SignedIn, password: Text = "", then: Text = "/account") -> Response:
        """Go on to what needed the password."""
        status, wrong = await _check(visit, password)
        if wrong:
            errors = [("password", wrong)]
            return visit.render("account_confirm.html", status, errors=errors, then=then)
        there = then if language_choice.is_of_ours(then) else "/account"
        response = RedirectResponse(there, 303)
        await sign_in.confirm(visit.request, response)
        return response

    async def _check(visit: Visit, password: str) -> tuple[int, str | None]:
        account, address = visit.account, network_address(visit.request)
        found = await sign_in.check(account.organization_id, account.email, password, address)
        if not isinstance(found, Refusal):
            return 422, None
        status, sentence = refused(found, visit.brand)
        return status, gettext(_WRONG) if found is Refusal.WRONG else sentence

    return router
