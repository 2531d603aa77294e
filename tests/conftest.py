"""What all tests stand on: a real Kafka and a real PostgreSQL, and a way to talk to both."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog
from argon2 import PasswordHasher

from chassis import migrations, topics
from chassis.security import passwords
from tests.event_log import EventLog
from tests.infrastructure import Servers, start_servers
from tests.two_processes import pytest_collection_modifyitems, pytest_xdist_make_scheduler

__all__ = ["pytest_collection_modifyitems", "pytest_xdist_make_scheduler"]

SERVICES = {
    "chart_service": "chart",
    "invitation_service": "invitation",
    "notification_service": "notification",
    "portal_access": "portal",
}


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hash as ever, but at argon2id's least cost: hundreds of tests sign somebody in."""
    least = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", least)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_authorities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Know no authority of TLS: to read all takes 20 ms, for each of a thousand clients."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SSL_CERT_FILE", raising=False)
        patch.setenv("SSL_CERT_DIR", str(tmp_path_factory.mktemp("none")))
        yield


@pytest.fixture(scope="session", autouse=True)
def logs_apart_from_output() -> None:
    """Log to standard error as it is now, which no test of a command puts its own in place of."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Kafka and PostgreSQL with all topics and all tables; shared by the tests of a session."""
    with start_servers() as started:
        for service, database in SERVICES.items():
            migrations.upgrade(service, started.database_url(database))
        asyncio.run(topics.create_missing(started.kafka))
        yield started


@pytest.fixture(scope="session")
async def events(servers: Servers) -> AsyncIterator[EventLog]:
    """Publish events as anybody could, and see all that is published."""
    async with EventLog(servers.kafka) as log:
        yield log
