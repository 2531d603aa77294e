"""The language of the portal's pages: chosen at their foot, or the mail's that led to them."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from chassis.web.csrf import protect
from chassis.web.languages import COOKIE, QUERY

_YEAR = 365 * 24 * 3600

Text = Annotated[str, Form(max_length=2000)]


def routes() -> APIRouter:
    """Return what the buttons at the foot of each page do."""
    router = APIRouter(include_in_schema=False)

    @router.post("/language", dependencies=[Depends(protect)])
    async def choose(request: Request, language: Text = "", then: Text = "/") -> Response:
        """Keep a language, and show the page again that was left."""
        response = RedirectResponse(then if is_of_ours(then) else "/", 303)
        _keep(request, response, language)
        return response

    return router


def keep_mails(request: Request, response: Response) -> None:
    """Keep the language of the mail whose link was followed, if none was chosen before."""
    if COOKIE not in request.cookies:
        _keep(request, response, request.query_params.get(QUERY, ""))


def _keep(request: Request, response: Response, language: str) -> None:
    if language in request.app.state.pages.languages.codes:
        secure = request.app.state.cookies.secure
        response.set_cookie(
            COOKIE, language, max_age=_YEAR, httponly=True, samesite="lax", secure=secure
        )


def is_of_ours(page: str) -> bool:
    """Tell whether an address is a path on this site; browsers read a backslash as a slash."""
    parts = urlsplit(page)
    begins_well = page.startswith("/") and not page.startswith(("//", "/\\"))
    return begins_well and page.isprintable() and not (parts.scheme or parts.netloc)
