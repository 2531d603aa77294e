"""Who looks at a page: staff who signed in, who see their own organisation and no other."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import Response

from chassis.database import Database
from chassis.web import sessions
from chassis.web.sessions import SessionCookie
from services.chart_service import facesheet, queries
from services.chart_service.models import Organization, Staff


class SignInNeededError(Exception):
    """The page is for staff who signed in."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks at a page, and for which organisation."""

    request: Request
    staff: Staff
    organization: Organization

    def render(self, template: str, status: int = 200, **values: Any) -> Response:
        """Return a page; its template sees the visit and the values."""
        pages = self.request.app.state.pages
        page: Response = pages.render(self.request, template, status, visit=self, **values)
        return page


class Visits:
    """Knows from a browser's cookie who is signed in."""

    def __init__(self, database: Database, cookie: SessionCookie) -> None:
        self._database = database
        self._cookie = cookie

    async def of(self, request: Request) -> Visit:
        """Return who sent a request.

        Raises:
            SignInNeededError: Nobody is signed in; the app answers with the way to sign in.
        """
        async with self._database.transaction() as tx:
            subject = await sessions.subject_of(tx, self._cookie.token(request))
            staff = await queries.staff(tx, UUID(subject)) if subject else None
            if staff is None:
                raise SignInNeededError
            organization = await facesheet.known_organization(tx, staff.organization_id)
        return Visit(request, staff, organization)


async def _signed_in(request: Request) -> Visit:
    visits: Visits = request.app.state.visits
    return await visits.of(request)


SignedIn = Annotated[Visit, Depends(_signed_in)]
"""What a page asks for that is for staff alone."""
