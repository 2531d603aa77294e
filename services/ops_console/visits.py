"""Who looks at a page: ops people who signed in, and nobody else."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response

from chassis.web.sessions import SessionCookie
from services.ops_console.sign_ins import SignIns


class SignInNeededError(Exception):
    """The page is for those who signed in."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks at a page."""

    request: Request
    name: str

    def render(self, template: str, status: int = 200, **values: Any) -> Response:
        """Return a page; its template sees the visit and the values."""
        pages = self.request.app.state.pages
        page: Response = pages.render(self.request, template, status, visit=self, **values)
        return page


def visit_of(request: Request, *, goes_on: bool = False) -> Visit:
    """Return who sent a request; a page that stays open keeps no session alive by that.

    Raises:
        SignInNeededError: Nobody is signed in.
    """
    sign_ins: SignIns = request.app.state.sign_ins
    cookie: SessionCookie = request.app.state.session_cookie
    name = sign_ins.user_of(cookie.token(request), is_visit=not goes_on)
    if name is None:
        raise SignInNeededError
    return Visit(request, name)


async def _signed_in(request: Request) -> Visit:
    return visit_of(request)


SignedIn = Annotated[Visit, Depends(_signed_in)]
"""What a page asks for: all but the sign-in are for ops people alone."""
