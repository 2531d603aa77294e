"""Nobody but portal_access learns or changes anything over HTTP."""

import time
from uuid import uuid4

import httpx
import pytest

from chassis.security.service_calls import Signer
from tests.integration.invitation_service.conftest import new_signer
from tests.waiting import until

LOOKUP = {"token": "a-token"}
REDEMPTION = LOOKUP | {"redemption_id": str(uuid4()), "account_id": str(uuid4())}
CALLS = {"lookups": LOOKUP, "redemptions": REDEMPTION}


async def status(service: str, path: str, authorization: str | None) -> int:
    headers = {"Authorization": authorization} if authorization else {}
    async with httpx.AsyncClient(base_url=service) as client:
        answer = await client.post(f"/api/v1/{path}", json=CALLS[path], headers=headers)
    assert answer.status_code != 401 or answer.headers["www-authenticate"] == "Bearer"
    return answer.status_code


def expired(signer: Signer, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a token that was signed an hour ago."""
    now = time.time()
    with monkeypatch.context() as clock:
        clock.setattr(time, "time", lambda: now - 3600)
        return signer.sign("invitation_service")


@pytest.mark.parametrize("path", CALLS)
async def test_a_call_signed_by_the_portal_is_answered(
    service: str, signer: Signer, path: str
) -> None:
    token = signer.sign("invitation_service")
    assert await status(service, path, f"Bearer {token}") == 404


@pytest.mark.parametrize("path", CALLS)
@pytest.mark.parametrize("authorization", [None, "Bearer nonsense", "Basic YTpi"])
async def test_an_unsigned_call_is_refused(
    service: str, path: str, authorization: str | None
) -> None:
    assert await status(service, path, authorization) == 401


@pytest.mark.parametrize("path", CALLS)
async def test_a_call_signed_by_another_key_is_refused(service: str, path: str) -> None:
    token = new_signer("portal_access").sign("invitation_service")
    assert await status(service, path, f"Bearer {token}") == 401


@pytest.mark.parametrize("path", CALLS)
async def test_a_call_signed_for_another_service_is_refused(
    service: str, signer: Signer, path: str
) -> None:
    assert await status(service, path, f"Bearer {signer.sign('chart_service')}") == 401


@pytest.mark.parametrize("path", CALLS)
async def test_an_expired_call_is_refused(
    service: str, signer: Signer, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = expired(signer, monkeypatch)
    assert await status(service, path, f"Bearer {token}") == 401


@pytest.mark.parametrize("path", ["lookups", "redemptions", "invitations", ""])
async def test_a_get_reveals_nothing(service: str, signer: Signer, path: str) -> None:
    headers = {"Authorization": f"Bearer {signer.sign('invitation_service')}"}
    async with httpx.AsyncClient(base_url=service, headers=headers) as client:
        assert (await client.get(f"/api/v1/{path}")).status_code in {404, 405}


async def test_health_says_what_the_service_stands_on(service: str) -> None:
    async with httpx.AsyncClient(base_url=service) as client:
        assert (await client.get("/health/live")).json() == {"live": True}

        async def is_ready() -> bool:
            return (await client.get("/health/ready")).is_success

        await until(is_ready)  # once it has joined its consumer group
        ready = await client.get("/health/ready")
    assert ready.json()["checks"] == {"database": "ok", "kafka": "ok", "consumer": "ok"}
