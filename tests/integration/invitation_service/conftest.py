"""invitation_service by itself, on real Kafka and PostgreSQL."""

import json
from collections.abc import AsyncIterator
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
from contracts.chart import (
    InviteRequested,
    InviteRequestedData,
    OrganizationChanged,
    OrganizationChangedData,
    PersonChanged,
    PersonChangedData,
    Relationship,
    RevokeRequested,
    RevokeRequestedData,
)
from contracts.envelope import Invitee
from contracts.invitations import InvitationIssued, InvitationRejected, RejectionReason
from contracts.scopes import Role
from services.invitation_service.app import build
from services.invitation_service.models import State
from services.invitation_service.settings import Settings
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.chart_service.serving import serving
from tests.waiting import until

SEAL_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.fixture(scope="session")
def signer() -> Signer:
    """What portal_access signs its calls with."""
    return new_signer("portal_access")


def new_signer(issuer: str) -> Signer:
    """Return a signer with a key that nobody has seen before."""
    return Signer(issuer, json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)))


@pytest.fixture(scope="session")
def ops_signer() -> Signer:
    """What the ops console signs its calls with."""
    return new_signer("ops_console")


@pytest.fixture(scope="package")
async def service(servers: Servers, signer: Signer, ops_signer: Signer) -> AsyncIterator[str]:
    """The running service's address; its callers' public keys are on a server of their own."""
    portal = FastAPI()
    portal.get("/jwks.json")(signer.public_keys)
    portal.get("/ops.json")(ops_signer.public_keys)
    async with serving(portal) as portal_url:
        settings = Settings(
            database_url=servers.database_url("invitation"),
            kafka_bootstrap_servers=servers.kafka,
            seal_key=SEAL_KEY,
            jwks_url=f"{portal_url}/jwks.json",
            ops_jwks_url=f"{portal_url}/ops.json",
            unknown_grace_seconds=1,
            sweep_seconds=0.1,
        )
        async with serving(build(settings)) as url:
            yield url


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    """The service's database, for what only time would do."""
    opened = Database(servers.database_url("invitation"))
    yield opened
    await opened.close()


class Portal:
    """portal_access, as far as this service sees it."""

    def __init__(self, client: httpx.AsyncClient, signer: Signer) -> None:
        self._client = client
        self._signer = signer

    async def look_up(self, token: str, visitor: str | None = None) -> httpx.Response:
        """Ask what a token stands for."""
        return await self._post("lookups", {"token": token}, visitor)

    async def redeem(
        self,
        token: str,
        redemption_id: UUID | None = None,
        account_id: UUID | None = None,
    ) -> httpx.Response:
        """Accept an invitation."""
        body = {
            "token": token,
            "redemption_id": str(redemption_id or uuid4()),
            "account_id": str(account_id or uuid4()),
        }
        return await self._post("redemptions", body, None)

    async def _post(self, path: str, body: dict[str, str], visitor: str | None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._signer.sign('invitation_service')}"}
        if visitor:
            headers["X-Portico-Client"] = visitor
        return await self._client.post(f"/api/v1/{path}", json=body, headers=headers)


class Invitations:
    """The service's rows: what only time would do to them, and what nobody is told of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def grow_older(self, invitation_id: UUID, days: float) -> None:
        """Let an invitation have been issued so many days earlier, its expiry unchanged."""
        statement = """
            UPDATE invitations SET issued_at = issued_at - CAST(:time AS interval),
                aged_from = aged_from - CAST(:time AS interval)
            WHERE id = :id
        """
        await self._run(statement, id=invitation_id, time=timedelta(days=days))

    async def let_expire_at(self, invitation_id: UUID, then: datetime) -> None:
        """Let an invitation's life end then."""
        statement = "UPDATE invitations SET expires_at = :then WHERE id = :id"
        await self._run(statement, id=invitation_id, then=then)

    async def wait_until_paused(self, organization: str, *, is_so: bool = True) -> None:
        """Return as soon as the service knows that an organisation's portal is off, or on."""
        query = "SELECT paused_at IS NOT NULL FROM organizations WHERE id = :id"

        async def holds() -> bool:
            return bool(await self._value(query, id=organization)) is is_so

        await until(holds)

    async def wait_until_ended(self, invitation_id: UUID) -> None:
        """Return as soon as the service knows that the access by an invitation has ended."""

        async def holds() -> bool:
            query = "SELECT state FROM invitations WHERE id = :id"
            return await self._value(query, id=invitation_id) == State.ENDED

        await until(holds)

    async def wait_until_locked(self, invitation_id: UUID) -> None:
        """Return as soon as the service knows that an invitation's links are locked."""
        query = "SELECT locked_at FROM invitations WHERE id = :id"

        async def holds() -> bool:
            return await self._value(query, id=invitation_id) is not None

        await until(holds)

    async def _run(self, statement: str, **values: object) -> None:
        async with self._database.transaction() as tx:
            await tx.run(statement, **values)

    async def _value(self, query: str, **values: object) -> object:
        async with self._database.transaction() as tx:
            return (await tx.run(query, **values)).scalar()


@pytest.fixture
def invitations(database: Database) -> Invitations:
    """The service's rows."""
    return Invitations(database)


@pytest.fixture
async def portal(service: str, signer: Signer) -> AsyncIterator[Portal]:
    """The portal, which calls this service."""
    async with httpx.AsyncClient(base_url=service, timeout=30) as client:
        yield Portal(client, signer)


@dataclass
class Center:
    """A treatment centre of one test's own, with the portal on."""

    events: EventLog
    id: str = field(default_factory=lambda: f"o-{uuid4().hex[:12]}")

    async def opens(
        self,
        *,
        at: datetime | None = None,
        portal_enabled: bool = True,
        invitation_days: int = 7,
        reminder_days: int | None = None,
        discharge_ends_access: bool = False,
    ) -> None:
        """Tell everybody of the organisation as it is now, or was then."""
        data = OrganizationChangedData(
            organization=self.id,
            name="Sunrise",
            phone="+1 202-555-0143",
            portal_enabled=portal_enabled,
            invitation_days=invitation_days,
            reminder_days=reminder_days,
            discharge_ends_access=discharge_ends_access,
        )
        event = OrganizationChanged.of(data)
        await self.events.publish(event.model_copy(update={"time": at or event.time}))

    async def has(
        self,
        chart: str = "c-1",
        person: str = "p-1",
        relationship: Relationship = Relationship.PATIENT,
        email: str | None = "ana@sunrise.example",
        location: str | None = None,
        **more: bool,
    ) -> Invitee:
        """Put a person on a chart."""
        invitee = Invitee(organization=self.id, chart=chart, person=person)
        data = PersonChangedData(
            invitee=invitee,
            relationship=relationship,
            given_name="Ana",
            email=email,
            location=location,
            **more,
        )
        await self.events.publish(PersonChanged.of(data))
        return invitee

    async def invites(
        self, invitee: Invitee, role: Role = Role.PATIENT, email: str | None = None
    ) -> InviteRequested:
        """Ask for an invitation."""
        request = InviteRequested.of(InviteRequestedData(invitee=invitee, role=role, email=email))
        await self.events.publish(request)
        return request

    async def revokes(self, invitee: Invitee, role: Role = Role.PATIENT) -> None:
        """Take an invitation back."""
        data = RevokeRequestedData(invitee=invitee, role=role, requested_by="staff:s-7")
        await self.events.publish(RevokeRequested.of(data))

    async def issued(self, request: InviteRequested) -> InvitationIssued:
        """Wait until a request was granted."""
        (issued,) = await self.events.wait_for(
            InvitationIssued, lambda event: event.data.invitation_id == request.id
        )
        return issued

    async def rejected(self, request: InviteRequested) -> RejectionReason:
        """Wait until a request was refused; return why."""
        (rejected,) = await self.events.wait_for(
            InvitationRejected, lambda event: event.data.invitation_id == request.id
        )
        assert rejected.data.message.endswith(".")
        return rejected.data.reason

    async def token_of(self, request: InviteRequested) -> str:
        """Wait until a request was granted; return the token that its mail would carry."""
        issued = await self.issued(request)
        return Seal(SEAL_KEY).open(issued.data.sealed_token, bound_to=request.id)


@pytest.fixture
async def center(service: str, events: EventLog) -> Center:
    """A treatment centre that nobody has heard of yet."""
    del service
    return Center(events)
