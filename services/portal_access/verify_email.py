"""/verify-email: from the link in the mail to a new address that is verified.

As for /accept, the token is in the link's fragment, and only the button's POST uses it.
"""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database, Transaction
from chassis.security.tokens import hash_of
from chassis.web import sessions
from chassis.web.csrf import protect
from chassis.web.languages import gettext, marked
from contracts.access import NoticeKind
from services.portal_access import account_news, language_choice, queries, rules, throttle
from services.portal_access.models import Brand, EmailChange, Happened

NOT_A_CODE = marked("Paste the whole link or code from your e-mail")


class Failure(StrEnum):
    """Why an address cannot be verified, for the page to say."""

    UNKNOWN = "unknown"
    TAKEN = "taken"


def routes(database: Database) -> APIRouter:
    """Return the page that the link leads to, and what its button does."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/verify-email", methods=["GET", "HEAD"])
    async def link(request: Request) -> Response:
        """Show the page; the token is in the link's fragment and stays in the browser."""
        return _page(request)

    @router.post("/verify-email", dependencies=[Depends(protect)])
    async def verify(
        request: Request, code: Annotated[str, Form(max_length=2000)] = ""
    ) -> Response:
        """Make the new address the account's."""
        token = rules.token_in(code)
        if token is None:
            return _page(request, 422, errors=[("code", gettext(NOT_A_CODE))])
        if not await throttle.may_go_on(database, request, "link "):
            return _page(request, 429, errors=[("code", gettext(throttle.TOO_OFTEN))])
        async with database.transaction() as tx:
            change = await queries.email_changes.take(tx, hash_of(token))
            failure = await _verify(tx, change) if change else Failure.UNKNOWN
            brand = await queries.brands.brand(tx, change.organization_id) if change else None
        if failure or change is None:
            return _page(request, 409, failure=failure, brand=brand)
        there = f"/{change.organization_id}/sign-in?notice=email-verified"
        response = RedirectResponse(there, 303)
        language_choice.keep_mails(request, response)
        return response

    return router


async def _verify(tx: Transaction, change: EmailChange) -> Failure | None:
    account = await queries.accounts.lock(tx, change.organization_id, change.account_id)
    if account is None:
        return Failure.UNKNOWN
    if not await queries.accounts.change_email(tx, account.id, change.email, change.email_key):
        return Failure.TAKEN
    # Whoever reads mail at the old address signs in no longer, and must not stay signed in.
    await sessions.end_all(tx, str(account.id))
    await queries.second_steps.end_all(tx, account.id)
    await queries.password_resets.forget(tx, account.id)
    await account_news.note(tx, account, Happened.EMAIL_CHANGED)
    # `account` was read before the change: it has the old address, which is told.
    await account_news.tell(tx, account, NoticeKind.EMAIL_CHANGED)
    return None


def _page(
    request: Request,
    status: int = 200,
    *,
    errors: list[tuple[str, str]] | None = None,
    failure: Failure | None = None,
    brand: Brand | None = None,
) -> Response:
    page: Response = request.app.state.pages.render(
        request,
        "verify_email_failed.html" if failure else "verify_email.html",
        status,
        brand=brand,
        errors=errors or [],
        failure=failure,
    )
    return page
