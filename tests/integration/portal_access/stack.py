"""Chart, invitation and portal services on ports of their own, and invitees who use them."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from chassis.database import Database
from chassis.security.seal import Seal
from chassis.security.service_calls import Signer
from chassis.serving import Server
from chassis.web import keys
from contracts.access import FacesheetAlertCleared, PortalAccessGranted
from contracts.deliveries import InvitationSent
from contracts.envelope import Invitee
from contracts.invitations import InvitationIssued
from services.chart_service import app as chart_app
from services.invitation_service import app as invitation_app
from services.invitation_service.settings import Settings as InvitationSettings
from services.portal_access import app as portal_app
from services.portal_access.settings import Settings as PortalSettings
from tests.chart_settings import API_TOKEN, chart_settings, signing_key
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.invitation_service.conftest import SEAL_KEY
from tests.waiting import until

PASSWORD = "correct horse battery"
NAME = "Sunrise Recovery Center"
PHONE = "+1 202-555-0143"
DASHBOARD = "/charts/c-1/patient"
"""Of a patient who has the usual chart alone."""


class _QuietServer(Server):
    """A web server that leaves the process's signals alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serve(app: FastAPI, port: int) -> AsyncIterator[None]:
    """Serve an app as its process would."""
    server = _QuietServer(app, port=port, timeout_graceful_shutdown=5)
    task = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await until(started)
    try:
        yield
    finally:
        server.should_exit = True
        await task


@dataclass
class Stack:
    """Where the services are, and what tests need to play the EMR and the mail."""

    servers: Servers
    events: EventLog
    chart_url: str
    invitations_url: str
    portal_url: str
    portal_settings: PortalSettings
    database: Database
    """The portal's own."""
    chart_signer: Signer
    """What chart_service signs its calls with."""
    ops_key: str
    """What the ops console signs its calls with."""

    async def rows(self, query: str, **values: object) -> int:
        """Return a count from the portal's database."""
        async with self.database.engine.connect() as connection:
            return int((await connection.execute(text(query), values)).scalar_one())


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def portal_settings(servers: Servers, urls: dict[str, str]) -> PortalSettings:
    """Return the settings of a portal_access among these services."""
    return PortalSettings(
        database_url=servers.database_url("portal"),
        kafka_bootstrap_servers=servers.kafka,
        signing_key=signing_key(),
        notice_seal_key=SEAL_KEY,
        session_secret="a secret of the portal tests",
        invitations_url=urls["invitations"],
        emr_url=urls["chart"],
        portal_url=urls["portal"],
        ops_jwks_url=f"{urls['ops']}/.well-known/jwks.json" if "ops" in urls else "",
    )


@asynccontextmanager
async def running(servers: Servers, events: EventLog) -> AsyncIterator[Stack]:
    """Run the three services; the ops console's public keys are on a server of their own."""
    ports = {name: free_port() for name in ("chart", "invitations", "portal", "ops")}
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    urls["portal"] = f"http://localhost:{ports['portal']}"  # passkeys need a domain
    jwks_url = f"{urls['portal']}/.well-known/jwks.json"
    chart_key, ops_key = signing_key(), signing_key()
    console = FastAPI()
    console.state.stopping = asyncio.Event()  # which a service's own app has
    console.include_router(keys.routes(Signer("ops_console", ops_key)))
    ops_jwks_url = f"{urls['ops']}/.well-known/jwks.json"
    chart = chart_app.build(
        chart_settings(
            servers,
            jwks_url=jwks_url,
            portal_access_url=urls["portal"],
            emr_url=urls["chart"],
            emr_signing_key=chart_key,
            ops_jwks_url=ops_jwks_url,
        )
    )
    invitations = invitation_app.build(
        InvitationSettings(
            database_url=servers.database_url("invitation"),
            kafka_bootstrap_servers=servers.kafka,
            seal_key=SEAL_KEY,
            jwks_url=jwks_url,
            ops_jwks_url=ops_jwks_url,
        )
    )
    settings = portal_settings(servers, urls)
    database = Database(settings.database_url)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serve(portal_app.build(settings), ports["portal"]))
        await stack.enter_async_context(serve(invitations, ports["invitations"]))
        await stack.enter_async_context(serve(chart, ports["chart"]))
        await stack.enter_async_context(serve(console, ports["ops"]))
        stack.push_async_callback(database.close)
        yield Stack(
            servers,
            events,
            urls["chart"],
            urls["invitations"],
            urls["portal"],
            settings,
            database,
            Signer("chart_service", chart_key),
            ops_key,
        )


@dataclass
class Center:
    """A treatment centre of one test's own, whose staff invite through the EMR's API."""

    stack: Stack
    id: str = field(default_factory=lambda: f"o-{uuid4().hex[:12]}")

    async def opens(self, **more: object) -> None:
        """Enter the organisation, and wait until the portal has heard of it."""
        # Said each time: what is left out stays as it was.
        body = {"name": NAME, "phone": PHONE, "portal_enabled": True, **more}
        await self.call("PUT", "", body)
        query = "SELECT count(*) FROM brands WHERE organization_id = :id AND portal_enabled = :on"
        on = more.get("portal_enabled", True)

        async def heard() -> bool:
            return await self.stack.rows(query, id=self.id, on=on) == 1

        await until(heard)

    async def has_chart(
        self, chart: str, email: str, given_name: str = "Ana", **patient: object
    ) -> Invitee:
        """Enter a chart; return its patient."""
        person = {
            "id": "p-1",
            "given_name": given_name,
            "family_name": "Lopez",
            "email": email,
            **patient,
        }
        await self.call("POST", "/charts", [{"id": chart, "mrn": f"M-{chart}", "patient": person}])
        return Invitee(organization=self.id, chart=chart, person=str(person["id"]))

    async def has_guardian(self, chart: str, email: str, **more: object) -> Invitee:
        """Enter a guardian of a chart's patient."""
        body = {
            "id": "g-1",
            "relationship": "Guardian",
            "given_name": "Rosa",
            "family_name": "Lopez",
            "email": email,
            **more,
        }
        await self.call("POST", f"/charts/{chart}/contacts", body)
        return Invitee(organization=self.id, chart=chart, person="g-1")

    async def invites(self, invitee: Invitee) -> tuple[UUID, str]:
        """Invite; return the invitation's id and the token that its mail would carry."""
        path = f"/charts/{invitee.chart}/people/{invitee.person}/invitations"
        answer = await self.call("POST", path, {})
        invitation_id = UUID(answer.json()["invitation_id"])
        (issued,) = await self.stack.events.wait_for(
            InvitationIssued, lambda event: event.data.invitation_id == invitation_id
        )
        token = Seal(SEAL_KEY).open(issued.data.sealed_token, bound_to=invitation_id)
        return invitation_id, token

    async def is_mailed(self, invitation_id: UUID) -> None:
        """Wait until an invitation's mail went out."""
        await self.stack.events.wait_for(
            InvitationSent, lambda event: event.data.invitation_id == invitation_id
        )

    async def revokes(self, invitee: Invitee) -> None:
        """Take an invitation back."""
        await self.call("POST", f"/charts/{invitee.chart}/people/{invitee.person}/revocation")

    async def lets_expire(self, invitation_id: UUID) -> None:
        """Let the time of an open invitation be over."""
        statement = "UPDATE invitations SET expires_at = now() WHERE id = :id"
        database = Database(self.stack.servers.database_url("invitation"))
        async with database.transaction() as tx:
            await tx.run(statement, id=invitation_id)
        await database.close()

    async def chart_rows(self, query: str, **values: object) -> int:
        """Return a count of this organisation's from the database of the charts."""
        database = Database(self.stack.servers.database_url("chart"))
        async with database.transaction() as tx:
            found = int((await tx.run(query, id=self.id, **values)).scalar_one())
        await database.close()
        return found

    async def checks_birth_dates(self) -> None:
        """Want the patient's date of birth, and wait until the portal has heard of it."""
        await self.opens(birth_date_check=True)
        await self.is_heard_to_check_birth_dates()

    async def is_heard_to_check_birth_dates(self) -> None:
        """Wait until the portal has heard that the date of birth is to be asked for."""
        query = "SELECT count(*) FROM brands WHERE organization_id = :id AND birth_date_check"

        async def heard() -> bool:
            return await self.stack.rows(query, id=self.id) == 1

        await until(heard)

    async def alerts(self, chart: str = "c-1") -> list[dict[str, Any]]:
        """Return the alerts on a facesheet."""
        found: list[dict[str, Any]] = (await self.call("GET", f"/charts/{chart}/alerts")).json()
        return found

    async def hears_of_asking(self, invitation_id: UUID, chart: str = "c-1") -> None:
        """Wait until the facesheet says that a new invitation is asked for."""

        async def heard() -> bool:
            return any(
                alert["invitation_id"] == str(invitation_id) and alert["asked_at"]
                for alert in await self.alerts(chart)
            )

        await until(heard)

    async def granted(self, invitation_id: UUID) -> PortalAccessGranted:
        """Wait until access was granted and the alert cleared by an invitation."""
        (granted,) = await self.stack.events.wait_for(
            PortalAccessGranted, lambda event: event.data.invitation_id == invitation_id
        )
        await self.stack.events.wait_for(
            FacesheetAlertCleared, lambda event: event.data.invitation_id == invitation_id
        )
        return granted

    async def accounts(self) -> int:
        """Return how many accounts this organisation has."""
        return await self.stack.rows(
            "SELECT count(*) FROM accounts WHERE organization_id = :id", id=self.id
        )

    async def asks(
        self, method: str, path: str = "", body: object = None, actor: str = "staff:s-7"
    ) -> httpx.Response:
        """Ask something of the portal's accounts, as chart_service does for an administrator."""
        token = self.stack.chart_signer.sign("portal_access", organization=self.id, actor=actor)
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=self.stack.portal_url, headers=headers) as client:
            return await client.request(method, f"/api/v1/accounts{path}", json=body)

    async def account(self, part: str = "") -> dict[str, Any]:
        """Return the one account whose address has this part, with all that is known of it."""
        found = (await self.asks("POST", "/search", {"q": part})).json()
        [listed] = found["accounts"]
        details: dict[str, Any] = (await self.asks("GET", f"/{listed['id']}")).json()
        return details

    async def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Call the EMR's API."""
        url = f"{self.stack.chart_url}/api/v1/organizations/{self.id}{path}"
        headers = {"Authorization": f"Bearer {API_TOKEN}"}
        async with httpx.AsyncClient(headers=headers) as client:
            answer = await client.request(method, url, json=body)
        assert answer.is_success, answer.text
        return answer


class Visitor:
    """Somebody with a browser: keeps cookies, follows redirects, sends the forms' tokens."""

    def __init__(self, portal_url: str) -> None:
        self.client = httpx.AsyncClient(
            base_url=portal_url,
            headers={"Accept": "text/html"},
            follow_redirects=True,
            timeout=30,
        )

    async def get(self, path: str) -> httpx.Response:
        """Open a page."""
        return await self.client.get(path)

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """Open the page that has the form, fill it in and send it."""
        page = await self.client.get(path)
        return await self.send(page, path, **fields)

    async def send(self, page: httpx.Response, path: str, **fields: str) -> httpx.Response:
        """Fill in the form of a page that is open already, and send it."""
        data = {"csrf_token": csrf_token_in(page.text), **fields}
        return await self.client.post(path, data=data)

    async def opens_link(self, token: str) -> httpx.Response:
        """Follow the link in a mail, as far as the first question."""
        return await self.post("/accept", code=token)

    async def registers(self, page: httpx.Response, password: str = PASSWORD) -> httpx.Response:
        """Answer the page "Create your account"."""
        path = page.url.raw_path.decode()
        return await self.send(page, path, password=password, terms="yes")

    async def accepts(self, token: str, password: str = PASSWORD) -> httpx.Response:
        """Go from the link to the dashboard, as a new person."""
        return await self.registers(await self.opens_link(token), password)


def csrf_token_in(page: str) -> str:
    """Return the token of a page's first form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "no form on this page"
    return found[1]


def heading_of(page: httpx.Response) -> str:
    """Return a page's h1."""
    found = re.search(r"<h1>([^<]+)</h1>", page.text)
    return found[1].strip() if found else ""


def is_signed_in(page: httpx.Response) -> bool:
    """Tell whether a page is one of those who signed in."""
    return page.status_code == httpx.codes.OK and 'action="/sign-out"' in page.text
