"""What all tests stand on: a real Kafka and a real PostgreSQL, and a way to talk to both."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from chassis import migrations, topics
from tests.event_log import EventLog
from tests.infrastructure import Servers, start_servers

_LONGEST_FIRST = ("e2e", "browser", "code rules")
"""The groups that take longest; what is started last must not be what is waited for."""

SERVICES = {
    "chart_service": "chart",
    "invitation_service": "invitation",
    "notification_service": "notification",
    "portal_access": "portal",
}


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what shares running services, so that two workers can share the rest.

    For `pytest -n 2 --dist loadgroup`, which `make test` uses: a group stays on one worker.
    """
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group_of(item)))
    items.sort(key=lambda item: _position(_group_of(item)))


def _group_of(item: pytest.Item) -> str:
    if item.path.name == "test_code_rules.py":
        return "code rules"
    kind, *more = item.path.relative_to(Path(__file__).parent).parts
    if kind == "integration":
        return more[0]
    return kind if kind in _LONGEST_FIRST else item.path.stem


def _position(group: str) -> int:
    return _LONGEST_FIRST.index(group) if group in _LONGEST_FIRST else len(_LONGEST_FIRST)
