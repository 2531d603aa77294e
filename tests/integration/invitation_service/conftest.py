"""invitation_service by itself, on real Kafka and PostgreSQL."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from fastapi import FastAPI

from chassis.security.seal import Seal
from contracts.chart import (
    InviteRequested,
    InviteRequestedData,
    OrganizationChanged,
    OrganizationChangedData,
    PersonChanged,
    PersonChangedData,
    Relationship,
)
from contracts.envelope import Invitee
from contracts.scopes import Role
from services.invitation_service.app import build
from services.invitation_service.settings import Settings
from tests.event_log import EventLog
from tests.infrastructure import Servers

SEAL_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.fixture(scope="package")
async def service(servers: Servers) -> AsyncIterator[FastAPI]:
    """The running service."""
    settings = Settings(
        database_url=servers.database_url("invitation"),
        kafka_bootstrap_servers=servers.kafka,
        seal_key=SEAL_KEY,
        jwks_url="http://127.0.0.1:1/none",
        unknown_grace_seconds=1,
        sweep_seconds=0.1,
    )
    app = build(settings)
    async with app.router.lifespan_context(app):
        yield app


@dataclass
class Center:
    """A treatment centre of one test's own, with the portal on."""

    events: EventLog
    id: str = field(default_factory=lambda: f"o-{uuid4().hex[:12]}")

    async def opens(self, *, portal_enabled: bool = True, invitation_days: int = 7) -> None:
        """Tell everybody of the organisation."""
        data = OrganizationChangedData(
            organization=self.id,
            name="Sunrise",
            phone="+1 202-555-0143",
            portal_enabled=portal_enabled,
            invitation_days=invitation_days,
        )
        await self.events.publish(OrganizationChanged.of(data))

    async def has(
        self,
        chart: str = "c-1",
        person: str = "p-1",
        relationship: Relationship = Relationship.PATIENT,
        email: str | None = "ana@sunrise.example",
        **more: bool,
    ) -> Invitee:
        """Put a person on a chart."""
        invitee = Invitee(organization=self.id, chart=chart, person=person)
        data = PersonChangedData(
            invitee=invitee, relationship=relationship, given_name="Ana", email=email, **more
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


@pytest.fixture
async def center(service: FastAPI, events: EventLog) -> Center:
    """A treatment centre that nobody has heard of yet."""
    del service
    return Center(events)


@pytest.fixture
def seal() -> Seal:
    """The seal that notification_service has, too."""
    return Seal(SEAL_KEY)
