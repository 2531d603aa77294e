"""notification_service by itself, on real Kafka and PostgreSQL and with a mail server."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import OKPKey

from chassis.database import Database
from chassis.security.seal import Seal
from chassis.security.service_calls import Signer
from contracts.chart import Logo, OrganizationChanged, OrganizationChangedData
from contracts.deliveries import InvitationSent
from contracts.envelope import Invitee, utc_now
from contracts.invitations import (
    InvitationIssued,
    InvitationIssuedData,
    InvitationReminderIssued,
    InvitationReminderIssuedData,
)
from contracts.scopes import Role
from services.notification_service.app import build
from services.notification_service.settings import Settings
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.chart_service.serving import serving
from tests.integration.notification_service.mail_server import MailServer
from tests.integration.notification_service.queue import MailQueue
from tests.waiting import until

SEAL_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
NOTICE_SEAL_KEY = "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA="
A_SECRET = "s0-Secret_token"
A_REMINDERS_SECRET = "an0ther-Secret_token"
PORTAL = "https://portal.sunrise.example"


class Service:
    """The service, which can be stopped and started again."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._running = AsyncExitStack()

    async def start(self) -> None:
        """Start all that it does."""
        self._app = build(self._settings)
        await self._running.enter_async_context(self._app.router.lifespan_context(self._app))

    async def stop(self) -> None:
        """Stop it as a new version would."""
        await self._running.aclose()

    async def post(
        self, path: str, body: dict[str, object], authorization: str | None
    ) -> httpx.Response:
        """Call its API."""
        headers = {"Authorization": authorization} if authorization else {}
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.post(f"/api/v1/{path}", json=body, headers=headers)

    async def get(self, path: str, headers: dict[str, str]) -> httpx.Response:
        """Ask it for something."""
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path, headers=headers)

    async def not_ready(self) -> set[str]:
        """Return the names of the checks that keep it from being ready."""
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            answer = await client.get("/health/ready")
        wrong = {name for name, found in answer.json()["checks"].items() if found != "ok"}
        assert answer.status_code == (503 if wrong else 200)
        return wrong

    async def scrape(self) -> str:
        """Return its metrics, which are looked up once a second."""
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return (await client.get("/metrics")).text

    async def wait_until_only(self, *away: str) -> None:
        """Return as soon as it is ready but for these."""

        async def holds() -> bool:
            return await self.not_ready() == set(away)

        await until(holds)


@pytest.fixture(scope="package")
def running_mail_server() -> Iterator[MailServer]:
    """One mail server on one port, for all tests."""
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mail_server(running_mail_server: MailServer) -> Iterator[MailServer]:
    """The mail server; whatever a test did to it is over at its end."""
    yield running_mail_server
    running_mail_server.obey()
    running_mail_server.start()


@pytest.fixture(scope="package")
def emr_signer() -> Signer:
    """What chart_service signs its calls with."""
    return Signer("chart_service", json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)))


@pytest.fixture(scope="package")
def ops_signer() -> Signer:
    """What the ops console signs its calls with."""
    return Signer("ops_console", json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)))


@pytest.fixture(scope="package")
async def service(
    servers: Servers, running_mail_server: MailServer, emr_signer: Signer, ops_signer: Signer
) -> AsyncIterator[Service]:
    """The running service; the public keys of its callers are on a server of their own."""
    emr = FastAPI()
    emr.get("/jwks.json")(emr_signer.public_keys)
    emr.get("/ops.json")(ops_signer.public_keys)
    async with serving(emr) as emr_url:
        settings = Settings(
            database_url=servers.database_url("notification"),
            kafka_bootstrap_servers=servers.kafka,
            seal_key=SEAL_KEY,
            notice_seal_key=NOTICE_SEAL_KEY,
            emr_jwks_url=f"{emr_url}/jwks.json",
            ops_jwks_url=f"{emr_url}/ops.json",
            smtp_url=f"smtp://127.0.0.1:{running_mail_server.port}",
            portal_url=PORTAL,
            smtp_timeout_seconds=2,
        )
        running = Service(settings)
        await running.start()
        yield running
        await running.stop()


@pytest.fixture(scope="package")
async def queue(servers: Servers) -> AsyncIterator[MailQueue]:
    """The service's mail queue."""
    database = Database(servers.database_url("notification"))
    yield MailQueue(database)
    await database.close()


@dataclass
class Center:
    """A treatment centre of one test's own; its people's addresses are nobody else's."""

    events: EventLog
    id: str = field(default_factory=lambda: f"o-{uuid4().hex[:12]}")

    async def opens(
        self, name: str = "Sunrise", logo: Logo | None = None, at: datetime | None = None
    ) -> None:
        """Tell everybody of the organisation, whose portal is on."""
        await self._is(name, logo, at, portal_enabled=True)

    async def closes(self, at: datetime | None = None) -> None:
        """Tell everybody that the portal is switched off."""
        await self._is("Sunrise", None, at, portal_enabled=False)

    async def _is(
        self, name: str, logo: Logo | None, at: datetime | None, *, portal_enabled: bool
    ) -> None:
        data = OrganizationChangedData(
            organization=self.id,
            name=name,
            phone="+1 202-555-0143",
            logo=logo,
            portal_enabled=portal_enabled,
        )
        event = OrganizationChanged.of(data)
        await self.events.publish(event.model_copy(update={"time": at or event.time}))

    def address(self, person: str) -> str:
        """Return a person's address."""
        return f"{person}@{self.id}.example"

    def invitation(
        self,
        person: str = "ana",
        seal_key: str = SEAL_KEY,
        days: float = 7,
        location: str | None = None,
    ) -> InvitationIssued:
        """Make the news that a person is invited."""
        invitation_id = uuid4()
        data = InvitationIssuedData(
            invitee=Invitee(organization=self.id, chart="c-1", person=f"p-{person}"),
            invitation_id=invitation_id,
            role=Role.PATIENT,
            email=self.address(person),
            given_name=person.capitalize(),
            expires_at=utc_now() + timedelta(days=days),
            sealed_token=Seal(seal_key).close(A_SECRET, bound_to=invitation_id),
            requested_at=utc_now(),
            location=location,
        )
        return InvitationIssued.of(data)

    def reminder(self, issued: InvitationIssued) -> InvitationReminderIssued:
        """Make the news that somebody is reminded of their invitation."""
        token = Seal(SEAL_KEY).close(A_REMINDERS_SECRET, bound_to=issued.data.invitation_id)
        data = issued.data.model_dump(exclude={"requested_at"}) | {"sealed_token": token}
        return InvitationReminderIssued.of(InvitationReminderIssuedData.model_validate(data))

    async def invites(self, person: str = "ana") -> UUID:
        """Publish the news that a person is invited; return the invitation's id."""
        issued = self.invitation(person)
        await self.events.publish(issued)
        return issued.data.invitation_id

    async def invites_all(self, *people: str) -> dict[str, UUID]:
        """Publish the news that these people are invited; return their invitations' ids."""
        issued = {person: self.invitation(person) for person in people}
        await self.events.publish(*issued.values())
        return {person: event.data.invitation_id for person, event in issued.items()}

    async def hears_sent(self, *invitations: UUID) -> None:
        """Return as soon as the mail of each of these invitations is said to be sent."""
        await self.events.wait_for(
            InvitationSent, lambda e: e.data.invitation_id in invitations, count=len(invitations)
        )


@pytest.fixture
async def center(service: Service, events: EventLog) -> Center:
    """A treatment centre that nobody has heard of yet."""
    del service
    return Center(events)
