"""Who looks at a page: ops people who signed in, and nobody else."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response

from chassis.web.problems import ProblemError
from chassis.web.sessions import SessionCookie
from services.ops_console.roles import Role
from services.ops_console.sign_ins import SignIns


class SignInNeededError(Exception):
    """The page is for those who signed in."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks at a page."""

    request: Request
    name: str
    role: Role

    @property
    def by(self) -> str:
        """Who it is, as it is written down."""
        return f"ops:{self.name}"

    @property
    def may_decide(self) -> bool:
        """Whether they may replay and discard."""
        return self.role is not Role.VIEWER

    @property
    def may_reveal(self) -> bool:
        """Whether they may see names and e-mail addresses."""
        return self.role is Role.INVESTIGATOR

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
    return Visit(request, name, request.app.state.roles[name])


async def _signed_in(request: Request) -> Visit:
    return visit_of(request)


async def _operator(visit: Annotated[Visit, Depends(_signed_in)]) -> Visit:
    if not visit.may_decide:
        sentence = "A viewer may only look. Ask an operator to replay or discard."
        raise ProblemError(403, "role_needed", sentence)
    return visit


async def _investigator(visit: Annotated[Visit, Depends(_signed_in)]) -> Visit:
    if not visit.may_reveal:
        sentence = "Only an investigator may see names and e-mail addresses. Ask one."
        raise ProblemError(403, "role_needed", sentence)
    return visit


SignedIn = Annotated[Visit, Depends(_signed_in)]
"""What a page asks for: all but the sign-in are for ops people alone."""

Operator = Annotated[Visit, Depends(_operator)]
"""What a page asks for that replays or discards."""

Investigator = Annotated[Visit, Depends(_investigator)]
"""What a page asks for that shows names and e-mail addresses."""
