"""Who looks at a page: staff who signed in, who see their own organisation and no other."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import Response

from chassis.database import Database, Transaction
from chassis.web import sessions, zones
from chassis.web.problems import ProblemError
from chassis.web.sessions import SessionCookie
from services.chart_service import facesheet, queries
from services.chart_service.models import Organization, Staff
from services.chart_service.pages import navigation

_MOST_NAMED = 5

_SubjectOf = Callable[[Transaction, str | None], Awaitable[str | None]]


class SignInNeededError(Exception):
    """The page is for staff who signed in."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks at a page, and for which organisation."""

    request: Request
    staff: Staff
    organization: Organization
    may_change_password: bool = False
    waiting: int | None = None
    """How many messages wait for this person; None where messages are off."""

    @property
    def actor(self) -> str:
        """Who this is, as events and the audit log name them: an id, never a name."""
        return f"staff:{self.staff.id}"

    @property
    def navigation(self) -> list[tuple[str, str, bool]]:
        """The links at the top of every page: label, address, whether it is where we are."""
        return navigation.links(self.staff, self.request.url.path, self.waiting)

    def render(self, template: str, status: int = 200, **values: Any) -> Response:
        """Return a page; its template sees the visit and the values."""
        pages = self.request.app.state.pages
        page: Response = pages.render(self.request, template, status, visit=self, **values)
        return page


class Visits:
    """Knows from a browser's cookie who is signed in."""

    def __init__(self, database: Database, cookie: SessionCookie, passwords: bool) -> None:
        self._database = database
        self._cookie = cookie
        self._passwords = passwords

    async def of(self, request: Request) -> Visit:
        """Return who sent a request.

        Raises:
            SignInNeededError: Nobody is signed in; the app answers with the way to sign in.
        """
        return await self._of(request, sessions.subject_of)

    async def goes_on(self, request: Request) -> Visit:
        """Return the visit of a page that stays open; that alone keeps no session alive.

        Raises:
            SignInNeededError: The session is over.
        """
        return await self._of(request, sessions.subject_unseen)

    async def _of(self, request: Request, subject_of: _SubjectOf) -> Visit:
        async with self._database.transaction() as tx:
            subject = await subject_of(tx, self._cookie.token(request))
            staff = await queries.staff.staff(tx, UUID(subject)) if subject else None
            if staff is None or not staff.is_active:
                raise SignInNeededError
            organization = await facesheet.known_organization(tx, staff.organization_id)
            waiting = await navigation.waiting(tx, organization, staff)
        zones.use(organization.time_zone)
        has_password = self._passwords and staff.password_hash is not None
        return Visit(request, staff, organization, has_password, waiting)

    async def admins_of(self, organization_id: str) -> list[str]:
        """Return the names of who administers an organisation's portal."""
        async with self._database.transaction() as tx:
            everybody = await queries.staff.all_staff(tx, organization_id)
        return [one.name for one in everybody if one.is_admin and one.is_active]


async def _signed_in(request: Request) -> Visit:
    visits: Visits = request.app.state.visits
    return await visits.of(request)


SignedIn = Annotated[Visit, Depends(_signed_in)]
"""What a page asks for that is for staff alone."""


async def _signed_in_as_admin(request: Request) -> Visit:
    visit = await _signed_in(request)
    if not visit.staff.is_admin:
        visits: Visits = request.app.state.visits
        raise _admin_needed(await visits.admins_of(visit.organization.id))
    return visit


def _admin_needed(admins: list[str]) -> ProblemError:
    sentence = "This page is for portal administrators."
    if admins:
        sentence += f" Ask one of yours to do this for you: {', '.join(admins[:_MOST_NAMED])}."
    return ProblemError(403, "admin_needed", sentence)


SignedInAsAdmin = Annotated[Visit, Depends(_signed_in_as_admin)]
"""What a page asks for that is for portal administrators alone."""
