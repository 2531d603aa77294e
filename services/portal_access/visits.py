"""Who looks at a page: somebody who signed in, and the chart that they look at."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response

from chassis.database import Database
from chassis.web import zones
from chassis.web.languages import gettext, marked
from chassis.web.problems import ProblemError
from contracts.scopes import Role, open_scopes, scopes_of
from services.portal_access import policies, queries, rules, sections
from services.portal_access.models import Account, Brand, Connection
from services.portal_access.sections import Section
from services.portal_access.sign_in import SignIn

CONFIRM = "/account/confirm"
"""Where who is signed in proves again that it is they."""

CHART = "/charts/{chart}/{role}"
"""Where each chart's pages are: its dashboard, and its sections below."""


class SignInNeededError(Exception):
    """The page is for those who signed in."""


class ConfirmationNeededError(Exception):
    """The page is for who has proved lately that it is they; `page` is where to go on."""

    def __init__(self, page: str) -> None:
        super().__init__(page)
        self.page = page


class AgreementNeededError(Exception):
    """There is a newer version of the terms or the privacy policy to agree to first."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks at a page, and which charts they have."""

    request: Request
    account: Account
    brand: Brand
    connections: Sequence[Connection]
    names: Mapping[str, str]
    """By chart: the patient's first name."""

    def render(self, template: str, status: int = 200, **values: Any) -> Response:
        """Return a page; its template sees the visit, the brand and the values."""
        pages = self.request.app.state.pages
        page: Response = pages.render(
            self.request, template, status, visit=self, brand=self.brand, **values
        )
        return page

    @property
    def charts(self) -> list[tuple[str, str, str]]:
        """Each chart's address, the patient's first name, and what the visitor is on it."""
        return [
            (
                address_of(one),
                self.names.get(one.chart_id, ""),
                _role(one),
            )
            for one in self.connections
        ]


@dataclass(frozen=True, slots=True)
class ChartVisit(Visit):
    """A look at one of the charts."""

    connection: Connection

    @property
    def address(self) -> str:
        """Where the chart's dashboard is; its sections are below."""
        return address_of(self.connection)

    @property
    def role(self) -> str:
        """What the visitor is on the chart, in words."""
        return _role(self.connection)

    @property
    def scopes(self) -> tuple[str, ...]:
        """What the role may see, of what the organisation left switched on."""
        return open_scopes(
            scopes_of(Role(self.connection.role)),
            self.brand.sections_off,
            messages_enabled=self.brand.messages_enabled,
        )

    def navigation(self, unread: int = 0) -> list[tuple[str, str, bool]]:
        """Return the chart's sections: label, address, whether it is where we are.

        How many messages are unread is said where the page knows it.
        """
        here = self.request.url.path
        of_chart = [
            (_label(section, unread), address, _is_in(here, address, section))
            for section in sections.open_to(self.scopes)
            for address in [f"{self.address}/{section.path}".rstrip("/")]
        ]
        return [*of_chart, (gettext("My account"), "/account", False)]


class Visits:
    """Knows from a browser's cookie who is signed in, and which charts are theirs now."""

    def __init__(self, database: Database, sign_in: SignIn) -> None:
        self._database = database
        self._sign_in = sign_in

    async def of(self, request: Request) -> Visit:
        """Return who sent a request.

        Raises:
            SignInNeededError: Nobody is signed in.
            AgreementNeededError: They have yet to agree to a new text.
        """
        account = await self._sign_in.account(request)
        if account is None:
            raise SignInNeededError
        async with self._database.transaction() as tx:
            brand = await queries.brands.brand(tx, account.organization_id)
            newest = await queries.policies.newest(tx, account.organization_id)
            connections = await queries.connections.connections(tx, account)
            names = await queries.people.patients_names(tx, connections)
        if policies.is_due(account, newest):
            raise AgreementNeededError
        assert brand is not None  # whoever is signed in has a portal that is on
        return Visit(request, account, brand, connections, names)


async def _signed_in(request: Request) -> Visit:
    visits: Visits = request.app.state.visits
    visit = await visits.of(request)
    zones.use(visit.brand.time_zone)
    return visit


SignedIn = Annotated[Visit, Depends(_signed_in)]
"""What a page asks for that is for those who signed in."""


async def _confirmed(visit: SignedIn) -> Visit:
    sign_in: SignIn = visit.request.app.state.sign_in
    if not await sign_in.is_confirmed(visit.request):
        is_page = visit.request.method == "GET"
        raise ConfirmationNeededError(visit.request.url.path if is_page else "/account")
    return visit


Confirmed = Annotated[Visit, Depends(_confirmed)]
"""What a page asks for on which one changes how one signs in (OWASP ASVS 5.0, 7.5.1)."""


def in_section(section: Section) -> Callable[[Visit, str, str], Awaitable[ChartVisit]]:
    """Return what gives the visit to a section of a chart, for addresses that begin with CHART.

    Raises:
        ProblemError: 404, the chart is not theirs (any more), or the section is not there.
    """

    async def visit_of(visit: SignedIn, chart: str, role: str) -> ChartVisit:
        mine = (one for one in visit.connections if (one.chart_id, one.role) == (chart, role))
        connection = next(mine, None)
        if connection is None:
            sentence = marked("You have no access to this chart, or no longer.")
            raise ProblemError(404, "chart_unknown", sentence)
        parts = (visit.request, visit.account, visit.brand, visit.connections, visit.names)
        found = ChartVisit(*parts, connection)
        if section not in sections.open_to(found.scopes):
            sentence = marked("There is no such page for this chart.")
            raise ProblemError(404, "section_unknown", sentence)
        return found

    return visit_of


def address_of(connection: Connection) -> str:
    """Return where the portal has a chart in the role of a connection."""
    return f"/charts/{connection.chart_id}/{connection.role}"


def _role(connection: Connection) -> str:
    return gettext(rules.role_in_words(connection.role))


def _label(section: Section, unread: int) -> str:
    label = gettext(section.label)
    if section is not sections.MESSAGES or not unread:
        return label
    return gettext("%(label)s (%(number)s unread)") % {"label": label, "number": unread}


def _is_in(here: str, address: str, section: Section) -> bool:
    return here == address or (bool(section.path) and here.startswith(f"{address}/"))
