"""A request that is sent again with its key is not done again."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx

from chassis.database import Database
from services.chart_service import queries
from tests.infrastructure import Servers
from tests.integration.chart_service.conftest import Center

ROSA = {"given_name": "Rosa", "family_name": "Diaz", "relationship": "Guarantor"}


async def adds(center: Center, key: str, **changes: Any) -> httpx.Response:
    path = f"{center.path}/charts/c-1/contacts"
    return await center.api.post(path, json=ROSA | changes, headers={"Idempotency-Key": key})


async def test_the_same_request_gets_the_same_answer_and_makes_nothing_new(center: Center) -> None:
    await center.has_chart()
    key = str(uuid4())
    first, again = await adds(center, key), await adds(center, f'"{key}"')
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert first.status_code == 201
    assert [one["id"] for one in (await center.chart())["contacts"]] == [first.json()["id"]]


async def test_another_request_with_a_known_key_is_refused(center: Center) -> None:
    await center.has_chart()
    key = str(uuid4())
    await adds(center, key)
    refused = await adds(center, key, given_name="Ruth")
    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:portico:problem:idempotency_key_reused"


async def test_a_request_that_failed_may_be_sent_again(center: Center) -> None:
    key = str(uuid4())
    assert (await adds(center, key)).status_code == 404
    await center.has_chart()
    assert (await adds(center, key)).status_code == 201


async def test_requests_at_the_same_time_make_one_contact(center: Center) -> None:
    await center.has_chart()
    key = str(uuid4())
    answers = await asyncio.gather(*(adds(center, key) for _ in range(5)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len((await center.chart())["contacts"]) == 1


async def test_a_request_whose_key_is_at_work_is_to_wait(center: Center, servers: Servers) -> None:
    await center.has_chart()
    database = Database(servers.database_url("chart"))
    async with database.transaction() as tx:
        assert await queries.idempotency.lock(tx, center.id, "operator", "key-1")
        answer = await adds(center, "key-1")
    await database.close()
    assert (answer.status_code, answer.headers["retry-after"]) == (409, "1")


async def test_a_key_is_known_to_its_organization_alone(center: Center) -> None:
    other = Center(center.api, f"{center.id}-2")
    await other.opens()
    key = str(uuid4())
    for each in (center, other):
        await each.has_chart()
        assert (await adds(each, key)).status_code == 201
        assert len((await each.chart())["contacts"]) == 1


async def test_messages_to_webhooks_and_revocations_are_asked_for_once(center: Center) -> None:
    await center.has_chart()
    await center.invites()
    hook = {"url": "https://emr.example/hooks"}
    added = (await center.api.post(f"{center.path}/webhooks", json=hook)).json()
    path = f"{center.path}/webhooks/{added['id']}"
    sent = (await center.api.post(f"{path}/test")).json()
    for address in (
        f"{path}/test",
        f"{path}/deliveries/{sent['id']}/redelivery",
        f"{path}/secret",
        f"{center.path}/charts/c-1/people/p-1/revocation",
    ):
        headers = {"Idempotency-Key": str(uuid4())}
        first = await center.api.post(address, headers=headers)
        again = await center.api.post(address, headers=headers)
        assert first.is_success, first.text
        assert (again.status_code, again.json()) == (first.status_code, first.json())
    deliveries = (await center.api.get(f"{path}/deliveries")).json()["deliveries"]
    assert len([one for one in deliveries if one["type"] == "webhook.test"]) == 3
