"""The answer to a request that failed, for people or for programs."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import Response

from chassis import telemetry
from chassis.web import pages, problems
from chassis.web.languages import gettext, marked

_SORRY = marked("Sorry, that did not work")
_TITLES = {
    401: marked("Sign in to continue"),
    403: marked("You cannot do that"),
    404: marked("Page not found"),
    413: marked("That is too large"),
    503: marked("Not available just now"),
}


def answer(
    request: Request,
    status: int,
    code: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a page to a person's browser, a problem to a program; detail says what to do."""
    if not pages.wants_page(request):
        return problems.problem_response(status, code, detail, headers)
    title = _TITLES.get(status, _SORRY)
    rendered: Response = request.app.state.pages.render(
        request,
        "error.html",
        status,
        title=gettext(title),
        detail=gettext(detail),
        reference=(telemetry.current_traceparent() or "-").split("-")[1],
    )
    return rendered
