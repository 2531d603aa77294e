"""portal_access among the real services it talks to, on real Kafka and PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.portal_access.filled_chart import Family, family
from tests.integration.portal_access.stack import Center, Stack, Visitor, running


@pytest.fixture(scope="package")
async def stack(servers: Servers, events: EventLog) -> AsyncIterator[Stack]:
    """The running services."""
    async with running(servers, events) as started:
        yield started


@pytest.fixture
async def center(stack: Stack) -> Center:
    """A treatment centre with its portal on."""
    opened = Center(stack)
    await opened.opens()
    return opened


@pytest.fixture(scope="package")
async def those(stack: Stack) -> AsyncIterator[Family]:
    """A family with a filled chart, for tests that change nothing of it."""
    found = await family(Center(stack))
    yield found
    for visitor in found.visitors.values():
        await visitor.client.aclose()


@pytest.fixture
async def visitor(stack: Stack) -> AsyncIterator[Visitor]:
    """Somebody with a fresh browser."""
    somebody = Visitor(stack.portal_url)
    yield somebody
    await somebody.client.aclose()


@pytest.fixture
async def other_visitor(stack: Stack) -> AsyncIterator[Visitor]:
    """Somebody else, or the same person on another device."""
    somebody = Visitor(stack.portal_url)
    yield somebody
    await somebody.client.aclose()


@pytest.fixture
async def account(center: Center, visitor: Visitor) -> str:
    """An account whose holder is signed in and has access; the organisation's part of addresses."""
    invited = await center.has_chart("c-1", "ana@sunrise.example")
    invitation_id, token = await center.invites(invited)
    await visitor.accepts(token)
    await center.granted(invitation_id)
    return f"/{center.id}"
