"""Webhooks: what an organisation's own program is told, and what if it does not take it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from standardwebhooks import WebhookVerificationError

from chassis.database import Database
from contracts.envelope import Invitee, utc_now
from contracts.invitations import InvitationIssued, InvitationIssuedData
from contracts.scopes import Role
from services.chart_service import queries
from services.chart_service.webhooks.sending import Poster
from tests.infrastructure import Servers
from tests.integration.chart_service.conftest import Center, Tell
from tests.integration.chart_service.receiver import Receiver, receiving

SEALED = "c2VhbGVk"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as started:
        yield started


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    opened = Database(servers.database_url("chart"))
    yield opened
    await opened.close()


async def add(center: Center, url: str, *events: str) -> dict[str, Any]:
    """Have the centre's events sent to an address; return the endpoint with its secret."""
    body = {"url": url, "events": list(events)}
    answer = await center.api.post(f"{center.path}/webhooks", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def becomes(center: Center, endpoint: dict[str, Any], **wanted: Any) -> dict[str, Any]:
    """Wait until the newest delivery to an endpoint is as wanted; return it."""
    path = f"{center.path}/webhooks/{endpoint['id']}/deliveries"
    async with asyncio.timeout(60):
        while True:
            found = (await center.api.get(path)).json()["deliveries"]
            if found and wanted.items() <= found[0].items():
                newest: dict[str, Any] = found[0]
                return newest
            await asyncio.sleep(0.02)


def issued(invitee: Invitee) -> InvitationIssued:
    """Return the news that somebody is invited."""
    return InvitationIssued.of(
        InvitationIssuedData(
            invitee=invitee,
            invitation_id=uuid4(),
            role=Role.PATIENT,
            email="ana@sunrise.example",
            given_name="Ana",
            expires_at=utc_now() + timedelta(days=7),
            sealed_token=SEALED,
            requested_at=utc_now(),
        )
    )


async def test_an_event_is_told_signed_and_without_addresses_names_and_tokens(
    center: Center, receiver: Receiver, tell: Tell
) -> None:
    endpoint = await add(center, receiver.url)
    news = issued(await center.has_chart())
    await tell(news)
    [received] = await receiver.waits_for(1)
    assert received.headers["webhook-id"] == str(news.id)
    assert received.verified(endpoint["secret"]) == {
        "type": "invitation.issued",
        "timestamp": news.time.isoformat(),
        "data": {
            "organization": center.id,
            "chart": "c-1",
            "person": "p-1",
            "role": "patient",
            "invitation_id": str(news.data.invitation_id),
        },
    }
    for secret in ("ana", SEALED):
        assert secret not in received.body.lower()
    delivery = await becomes(center, endpoint, state="delivered")
    assert (delivery["attempts"], delivery["last_outcome"]) == (1, "Answered 204.")


async def test_an_endpoint_gets_the_events_that_it_wants_of_its_own_organization(
    center: Center, receiver: Receiver, tell: Tell
) -> None:
    other = Center(center.api, f"{center.id}-2")
    await other.opens()
    await add(center, receiver.url, "invitation.requested")
    invitee = await center.has_chart()
    await tell(issued(await other.has_chart()), issued(invitee))
    invited = (await center.invites()).json()["invitation_id"]
    [received] = await receiver.waits_for(1)
    assert received.headers["webhook-id"] == invited
    assert f'"{invited}"' in received.body


async def test_a_slow_endpoint_holds_up_no_other(
    center: Center, receiver: Receiver, tell: Tell
) -> None:
    slow_goes_on = asyncio.Event()
    async with receiving() as slow:

        async def wait() -> None:
            await slow_goes_on.wait()

        slow.answer = wait
        await add(center, slow.url)
        await add(center, receiver.url)
        invitee = await center.has_chart()
        await tell(*(issued(invitee) for _ in range(20)))
        await receiver.waits_for(20)
        assert len(slow.received) <= 4
        slow_goes_on.set()
        await slow.waits_for(20)


async def test_what_was_not_taken_is_sent_again_under_the_same_id(
    center: Center, receiver: Receiver, tell: Tell, database: Database
) -> None:
    endpoint = await add(center, receiver.url)
    receiver.status = 500
    news = issued(await center.has_chart())
    await tell(news)
    waiting = await becomes(center, endpoint, state="queued", attempts=1)
    assert waiting["last_outcome"] == "Answered 500."
    assert waiting["next_try_at"] > waiting["created_at"]
    receiver.status = 200
    async with database.transaction() as tx:
        await tx.run(
            "UPDATE webhook_deliveries SET next_try_at = :now WHERE id = :id",
            now=tx.now,
            id=waiting["id"],
        )
    await becomes(center, endpoint, state="delivered", attempts=2)
    assert {one.headers["webhook-id"] for one in receiver.received} == {str(news.id)}
    shown = (await center.api.get(f"{center.path}/webhooks/{endpoint['id']}")).json()
    assert shown["failing_since"] is None


async def test_an_endpoint_that_is_gone_is_disabled_and_says_so(
    center: Center, receiver: Receiver, tell: Tell, database: Database
) -> None:
    endpoint = await add(center, receiver.url)
    receiver.status = 410
    await tell(issued(await center.has_chart()))
    await becomes(center, endpoint, attempts=1)
    shown = (await center.api.get(f"{center.path}/webhooks/{endpoint['id']}")).json()
    assert shown["enabled"] is False
    assert "410" in shown["disabled_reason"]
    test = await center.api.post(f"{center.path}/webhooks/{endpoint['id']}/test")
    assert test.status_code == 409
    async with database.transaction() as tx:
        found = await tx.run(
            "SELECT actor FROM audit_log"
            " WHERE organization_id = :id AND action = 'webhook_disabled'",
            id=center.id,
        )
        assert list(found.scalars()) == ["system"]


@pytest.mark.parametrize(
    ("column", "state", "enabled"),
    [("created_at", "failed", True), ("failing_since", "queued", False)],
)
async def test_we_give_up_a_delivery_after_three_days_and_an_endpoint_after_five(
    center: Center, receiver: Receiver, database: Database, column: str, state: str, enabled: bool
) -> None:
    endpoint = await add(center, receiver.url)
    receiver.status = 500
    path = f"{center.path}/webhooks/{endpoint['id']}"
    assert (await center.api.post(f"{path}/test")).status_code == 202
    waiting = await becomes(center, endpoint, attempts=1)
    async with database.transaction() as tx:
        values = {"now": tx.now, "before": tx.now - timedelta(days=5)}
        table = "webhook_deliveries" if column == "created_at" else "webhook_endpoints"
        row = waiting["id"] if column == "created_at" else endpoint["id"]
        await tx.run(f"UPDATE {table} SET {column} = :before WHERE id = :id", id=row, **values)  # noqa: S608
        await tx.run(
            "UPDATE webhook_deliveries SET next_try_at = :now WHERE id = :id",
            now=tx.now,
            id=waiting["id"],
        )
        await tx.run(
            "UPDATE webhook_endpoints SET paused_until = NULL WHERE id = :id", id=endpoint["id"]
        )
    await becomes(center, endpoint, attempts=2, state=state)
    assert (await center.api.get(path)).json()["enabled"] is enabled


async def test_a_rotated_secret_signs_beside_the_new_one(
    center: Center, receiver: Receiver, database: Database
) -> None:
    old = await add(center, receiver.url)
    path = f"{center.path}/webhooks/{old['id']}"
    new = (await center.api.post(f"{path}/secret")).json()
    assert new["secret"] != old["secret"]
    await center.api.post(f"{path}/test")
    [received] = await receiver.waits_for(1)
    assert received.verified(old["secret"]) == received.verified(new["secret"])
    async with database.transaction() as tx:
        await tx.run(
            "UPDATE webhook_endpoints SET previous_secret_until = :now WHERE id = :id",
            now=tx.now,
            id=old["id"],
        )
    await center.api.post(f"{path}/test")
    [_, received] = await receiver.waits_for(2)
    assert received.verified(new["secret"])["type"] == "webhook.test"
    with pytest.raises(WebhookVerificationError):
        received.verified(old["secret"])


async def test_a_message_can_be_sent_again(center: Center, receiver: Receiver) -> None:
    endpoint = await add(center, receiver.url)
    path = f"{center.path}/webhooks/{endpoint['id']}"
    first = (await center.api.post(f"{path}/test")).json()
    await becomes(center, endpoint, state="delivered")
    again = await center.api.post(f"{path}/deliveries/{first['id']}/redelivery")
    assert again.status_code == 202
    one, other = await receiver.waits_for(2)
    assert one.headers["webhook-id"] == other.headers["webhook-id"] == first["event_id"]
    assert (await center.api.post(f"{path}/deliveries/{uuid4()}/redelivery")).status_code == 404


async def test_a_redirect_is_not_followed(center: Center, receiver: Receiver) -> None:
    async with receiving() as elsewhere:
        endpoint = await add(center, receiver.url)
        receiver.status, receiver.headers = 307, {"Location": elsewhere.url}
        await center.api.post(f"{center.path}/webhooks/{endpoint['id']}/test")
        assert (await becomes(center, endpoint, attempts=1))["last_outcome"] == "Answered 307."
        assert elsewhere.received == []


async def test_a_host_with_a_private_address_gets_nothing(
    center: Center, receiver: Receiver, database: Database
) -> None:
    url = receiver.url.replace("127.0.0.1", "localhost")
    added = await add(center, url)
    await center.api.post(f"{center.path}/webhooks/{added['id']}/test")
    [received] = await receiver.waits_for(1)
    assert received.headers["host"] == httpx.URL(url).netloc.decode()
    async with database.transaction() as tx:
        endpoint = await queries.webhooks.endpoint_by_id(tx, UUID(added["id"]))
        [delivery] = await queries.webhooks.deliveries(tx, UUID(added["id"]), 1)
    assert endpoint is not None
    async with Poster(allow_private=False) as poster:
        outcome = await poster.send(endpoint, delivery)
    assert (outcome.delivered, outcome.words) == (False, "The host's address is not public.")
    assert len(receiver.received) == 1


async def test_nobody_sees_or_changes_another_organizations_endpoints(
    center: Center, receiver: Receiver
) -> None:
    other = Center(center.api, f"{center.id}-2")
    await other.opens()
    endpoint = await add(center, receiver.url)
    path = f"{other.path}/webhooks/{endpoint['id']}"
    assert (await center.api.get(f"{other.path}/webhooks")).json()["total"] == 0
    for method, address in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/secret")):
        answer = await center.api.request(method, f"{path}{address}", json={})
        assert answer.status_code == 404, method


async def test_the_parts_of_a_list_lead_to_each_other(center: Center, receiver: Receiver) -> None:
    endpoint = await add(center, receiver.url)
    path = f"{center.path}/webhooks/{endpoint['id']}"
    for _ in range(3):
        await center.api.post(f"{path}/test")
    address, seen = f"{path}/deliveries?limit=1", []
    while address:
        answer = await center.api.get(address)
        seen += [one["id"] for one in answer.json()["deliveries"]]
        address = answer.links.get("next", {}).get("url", "")
    assert len(set(seen)) == 3
    assert answer.links["prev"]["url"].endswith("limit=1&offset=1")
