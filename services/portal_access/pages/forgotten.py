"""The pages for who forgot their password: asking for a link, and choosing another password."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.security import passwords
from chassis.web.csrf import protect
from chassis.web.languages import gettext, marked
from services.portal_access import rules, throttle
from services.portal_access.brand_pages import open_brand
from services.portal_access.forgotten import Forgotten
from services.portal_access.models import Brand
from services.portal_access.throttle import network_address

Text = Annotated[str, Form(max_length=2000)]
Errors = list[tuple[str, str]]

ANSWER_SECONDS = 0.5
"""How long the answer takes, whether there is an account or not."""

_ASK = "/{organization}/forgot-password"
_CHOOSE = "/reset-password"
_NO_ADDRESS = marked("Enter your e-mail address")
_NOT_A_CODE = marked("Paste the whole link or code from your e-mail")


def routes(database: Database, forgotten: Forgotten) -> APIRouter:
    """Return the pages."""
    router = APIRouter(include_in_schema=False)
    OfBrand = Annotated[Brand, Depends(open_brand(database))]  # noqa: N806 - a type

    @router.get(_ASK)
    async def show(request: Request, brand: OfBrand) -> Response:
        """Ask for the account's address."""
        return _page(request, "forgot_password.html", brand=brand, errors=[], email="")

    @router.post(_ASK, dependencies=[Depends(protect)])
    async def ask(request: Request, brand: OfBrand, email: Text = "") -> Response:
        """Send a link, if there is an account; say the same, and as late, if there is none."""
        if not rules.email_key(email):
            return _again(request, brand, 422, _NO_ADDRESS)
        answer_at = asyncio.get_running_loop().time() + ANSWER_SECONDS
        address = network_address(request)
        may_go_on = await forgotten.ask(brand.organization_id, email, address)
        await asyncio.sleep(answer_at - asyncio.get_running_loop().time())
        if not may_go_on:
            return _again(request, brand, 429, throttle.TOO_OFTEN, email)
        return _page(request, "forgot_password_sent.html", brand=brand, email=email)

    @router.api_route(_CHOOSE, methods=["GET", "HEAD"])
    async def link(request: Request) -> Response:
        """Show the page; the token is in the link's fragment and stays in the browser."""
        return _page(request, "reset_password.html", code="", errors=[])

    @router.post(_CHOOSE, dependencies=[Depends(protect)])
    async def choose(request: Request, code: Text = "", password: Text = "") -> Response:
        """Change the password, and lead to signing in with it."""
        token = rules.token_in(code)
        if token is None:
            errors: Errors = [("code", gettext(_NOT_A_CODE))]
            return _page(request, "reset_password.html", 422, code="", errors=errors)
        if not await throttle.may_go_on(database, request, "link "):
            errors = [("code", gettext(throttle.TOO_OFTEN))]
            return _page(request, "reset_password.html", 429, code="", errors=errors)
        names = await forgotten.names_by(token)
        if names is None:
            return _page(request, "reset_password_over.html", 409)
        if problem := passwords.problem_with(password, *names):
            errors = [("password", problem)]
            return _page(request, "reset_password.html", 422, code=token, errors=errors)
        organization = await forgotten.choose(token, password)
        if organization is None:
            return _page(request, "reset_password_over.html", 409)
        return RedirectResponse(f"/{organization}/sign-in?notice=password-changed", 303)

    return router


def _again(request: Request, brand: Brand, status: int, sentence: str, email: str = "") -> Response:
    errors = [("email", gettext(sentence))]
    page = "forgot_password.html"
    return _page(request, page, status, brand=brand, errors=errors, email=email)


def _page(request: Request, template: str, status: int = 200, **values: object) -> Response:
    pages = request.app.state.pages
    page: Response = pages.render(request, template, status, **({"brand": None} | values))
    return page
