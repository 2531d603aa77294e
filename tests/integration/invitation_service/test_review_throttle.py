"""Slowing down who guesses tokens never keeps out who has one."""

import json
import random
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from joserfc.jwk import OKPKey

from chassis.database import Database
from chassis.security.call_verifier import Verifier
from chassis.security.seal import Seal
from chassis.security.service_calls import Signer
from chassis.web.app import create_app
from contracts.invitations import InvitationIssued
from services.invitation_service import api
from services.invitation_service.throttle import MOST_PER_ADDRESS
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.chart_service.serving import serving
from tests.integration.invitation_service.conftest import SEAL_KEY, Center


@pytest.fixture
async def client(servers: Servers) -> AsyncIterator[httpx.AsyncClient]:
    """The API as portal_access calls it, for a visitor at an address of their own."""
    key = OKPKey.generate_key("Ed25519").as_dict(private=True)
    signer = Signer("portal_access", json.dumps(key))
    database = Database(servers.database_url("invitation"))
    keys = create_app("keys", Path(), {}, {}, [])
    keys.get("/jwks.json")(signer.public_keys)
    async with serving(keys) as keys_url:
        verifier = Verifier("invitation_service", "portal_access", f"{keys_url}/jwks.json")
        app = create_app("invitation_service", Path(), {}, {}, [database.close])
        app.include_router(api.routes(database, verifier))
        headers = {
            "Authorization": f"Bearer {signer.sign('invitation_service')}",
            "X-Portico-Client": f"2001:db8:{random.randrange(65536):x}::1",  # noqa: S311 - a test
        }
        async with (
            serving(app) as url,
            httpx.AsyncClient(base_url=f"{url}/api/v1", headers=headers) as opened,
        ):
            yield opened


async def test_where_others_guessed_a_link_that_was_issued_still_works(
    client: httpx.AsyncClient, center: Center, events: EventLog
) -> None:
    token = await token_of_an_invitation(center, events)
    for number in range(MOST_PER_ADDRESS):
        guess = await client.post("/lookups", json={"token": f"guess {number}"})
        assert guess.status_code == 404
    assert (await client.post("/lookups", json={"token": "one more"})).status_code == 429
    assert (await client.post("/lookups", json={"token": token})).status_code == 200
    first, second = (
        {"token": token, "redemption_id": str(uuid4()), "account_id": str(uuid4())}
        for _ in range(2)
    )
    assert (await client.post("/redemptions", json=first)).status_code == 200
    assert (await client.post("/redemptions", json=first)).status_code == 200
    refused = await client.post("/redemptions", json=second)
    assert refused.json()["type"] == "urn:portico:problem:invitation_accepted"


async def token_of_an_invitation(center: Center, events: EventLog) -> str:
    await center.opens()
    request = await center.invites(await center.has())
    (issued,) = await events.wait_for(
        InvitationIssued, lambda e: e.data.invitation_id == request.id
    )
    return Seal(SEAL_KEY).open(issued.data.sealed_token, bound_to=request.id)
