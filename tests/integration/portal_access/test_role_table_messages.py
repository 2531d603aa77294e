"""ROLE_TABLE.md, My Messages: each person has their own, and nobody else's by any way."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chassis.security.service_calls import Signer
from tests.integration.portal_access.filled_chart import (
    PEOPLE,
    ROLES,
    Family,
    message_to,
)
from tests.integration.portal_access.stack import DASHBOARD, Center, Stack, Visitor
from tests.integration.portal_access.staff_pages import staff_of, writes
from tests.waiting import until

OVER_CLAIMED = ["dashboard", "messages", "account", "files.upload", "information"]


async def own_thread(those: Family, role: str) -> str:
    """Return the one conversation that a role has."""
    page = await those.visitors[role].get(f"/charts/c-1/{role}/messages")
    [found] = set(re.findall(r"/messages/([0-9a-f]{8}-[0-9a-f-]{27})", page.text))
    return str(found)


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_reads_its_own_message(those: Family, role: str) -> None:
    thread = await own_thread(those, role)
    page = await those.visitors[role].get(f"/charts/c-1/{role}/messages/{thread}")
    assert f"Text: {message_to(role)}" in page.text


@pytest.mark.parametrize("role", ROLES)
async def test_who_guesses_anothers_message_meets_a_missing_page(those: Family, role: str) -> None:
    visitor, home = those.visitors[role], f"/charts/c-1/{role}/messages"
    own = await visitor.get(f"{home}/{await own_thread(those, role)}")
    for other in ROLES:
        if other == role:
            continue
        thread = await own_thread(those, other)
        fields = {"body": "mine now", "submission": str(uuid4()), "archived": "yes"}
        for answer in (
            await visitor.get(f"{home}/{thread}"),
            await visitor.send(own, f"{home}/{thread}", **fields),
            await visitor.send(own, f"{home}/{thread}/archive", **fields),
            await visitor.get(f"/charts/c-1/{other}/messages/{thread}"),
            await visitor.get(f"/charts/c-1/{other}/messages"),
        ):
            assert answer.status_code == 404
            assert "Marker message" not in answer.text
        assert "mine now" not in (await of_role(those, other, thread)).text
        assert await own_thread(those, other) == thread  # not archived


async def of_role(those: Family, role: str, thread: str) -> httpx.Response:
    return await those.visitors[role].get(f"/charts/c-1/{role}/messages/{thread}")


async def ask(stack: Stack, method: str, path: str, **claims: Any) -> httpx.Response:
    """Ask chart_service itself, in a call that the portal signed."""
    signer = Signer("portal_access", stack.portal_settings.signing_key)
    token = signer.sign("chart_service", **{"sub": "a", "scopes": OVER_CLAIMED} | claims)
    headers = {"Authorization": f"Bearer {token}"}
    sent = {"body": "mine now", "submission": str(uuid4())}
    new = {"recipient": str(uuid4())} if path == "/messages" else {}
    body = {"POST": sent | new, "PUT": {"archived": True}}.get(method)
    async with httpx.AsyncClient(base_url=stack.chart_url, headers=headers) as client:
        return await client.request(method, f"/api/v1/access{path}", json=body)


def ways_to(thread: str) -> Iterator[tuple[str, str]]:
    yield "GET", f"/messages/{thread}"
    yield "POST", f"/messages/{thread}/replies"
    yield "PUT", f"/messages/{thread}/archived"


@pytest.mark.parametrize("role", ROLES)
async def test_chart_service_itself_gives_a_person_their_own_alone(
    those: Family, stack: Stack, role: str
) -> None:
    claims = {"organization": those.center.id, "chart": "c-1"}
    claims |= {"person": PEOPLE[role], "role": role}
    listed = (await ask(stack, "GET", "/messages", **claims)).text
    for other in ROLES:
        assert (message_to(other) in listed) == (other == role)
        thread = await own_thread(those, other)
        for method, path in ways_to(thread) if other != role else ():
            answer = await ask(stack, method, path, **claims)
            assert answer.status_code == 404, path
            # In that one's name, but not as what they are on the chart.
            answer = await ask(stack, method, path, **claims | {"person": PEOPLE[other]})
            assert answer.status_code == 403, path


async def test_a_message_is_not_in_other_charts_and_organizations(
    those: Family, stack: Stack
) -> None:
    await those.center.has_chart("c-2", "two@family.example")
    elsewhere = Center(stack)
    await elsewhere.opens(messages_enabled=True)
    await elsewhere.has_chart("c-1", "far@family.example")
    thread = await own_thread(those, "patient")
    who = {"person": "p-1", "role": "patient"}
    for organization, chart in ((those.center.id, "c-2"), (elsewhere.id, "c-1")):
        claims = {"organization": organization, "chart": chart, **who}
        assert (await ask(stack, "GET", "/messages", **claims)).json()["threads"] == []
        for method, path in ways_to(thread):
            assert (await ask(stack, method, path, **claims)).status_code == 404, path


async def test_no_way_leads_to_messages_that_are_switched_off(
    center: Center, visitor: Visitor, stack: Stack
) -> None:
    await center.opens(messages_enabled=True)
    _, token = await center.invites(await center.has_chart("c-1", "ana@sunrise.example"))
    await visitor.accepts(token)
    home = f"{DASHBOARD}/messages"
    thread = await writes(await staff_of(center), "p-1", "Marker message", "Marker text")
    assert "Marker text" in (await visitor.get(f"{home}/{thread}")).text
    await center.opens(messages_enabled=False)

    async def gone() -> bool:
        return (await visitor.get(home)).status_code == 404

    await until(gone)
    dashboard = await visitor.get(DASHBOARD)
    assert home not in dashboard.text
    for path in (home, f"{home}/archived", f"{home}/new", f"{home}/{thread}"):
        assert (await visitor.get(path)).status_code == 404, path
    for path in (f"{home}/new", f"{home}/{thread}", f"{home}/{thread}/archive"):
        answer = await visitor.send(dashboard, path, body="x", submission=str(uuid4()))
        assert answer.status_code == 404, path
    claims = {"organization": center.id, "chart": "c-1", "person": "p-1", "role": "patient"}
    for method, path in (
        *ways_to(thread),
        *(("GET", "/messages"), ("POST", "/messages"), ("GET", "/message-recipients")),
    ):
        answer = await ask(stack, method, path, **claims)
        assert answer.status_code == 403, path
        assert "Marker" not in answer.text
