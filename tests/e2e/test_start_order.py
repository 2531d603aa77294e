"""A service that starts before its servers waits, says what for, and goes on by itself."""

import asyncio
import base64
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from chassis import migrations, topics
from devstack.infrastructure import Infrastructure
from devstack.paths import temporary_folder
from devstack.ports import free_port

PATIENCE = 60.0


class Mailbox:
    """Takes every mail."""

    async def handle_DATA(self, _server: SMTP, _session: Session, _mail: Envelope) -> str:  # noqa: N802
        return "250 taken"


async def test_a_service_waits_for_postgresql_kafka_and_the_mail_server() -> None:
    with temporary_folder() as folder, Infrastructure(folder) as infrastructure:
        url = infrastructure.postgres.url("notification")
        await asyncio.to_thread(migrations.upgrade, "notification_service", url)
        await topics.create_missing(infrastructure.kafka.bootstrap_servers)
        await asyncio.to_thread(infrastructure.stop)
        smtp_port = free_port()
        async with _service(infrastructure, smtp_port, folder) as service:
            away = await _waits_for(service, {"database", "kafka", "consumer", "mail server"})
            assert (await service.get("/health/live")).status_code == 200
            assert all("@" not in problem for problem in away.values())
            await asyncio.to_thread(infrastructure.start)
            await _waits_for(service, {"mail server"})
            mail_server = Controller(Mailbox(), "127.0.0.1", smtp_port)
            mail_server.start()
            try:
                await _waits_for(service, set())
            finally:
                mail_server.stop()


async def _waits_for(service: httpx.AsyncClient, expected: set[str]) -> dict[str, str]:
    """Wait until readiness names just these; return what it says of them."""
    async with asyncio.timeout(PATIENCE):
        while (away := await _away(service)).keys() != expected:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return away


async def _away(service: httpx.AsyncClient) -> dict[str, str]:
    try:
        answer = await service.get("/health/ready")
    except httpx.TransportError:
        return {"the service itself": "does not listen yet"}
    body: dict[str, Any] = answer.json()
    assert answer.status_code == (200 if body["ready"] else 503)
    return {name: said for name, said in body["checks"].items() if said != "ok"}


@asynccontextmanager
async def _service(
    infrastructure: Infrastructure, smtp_port: int, folder: Path
) -> AsyncIterator[httpx.AsyncClient]:
    port = free_port()
    environment = os.environ | {
        "PORTICO_DATABASE_URL": infrastructure.postgres.url("notification"),
        "PORTICO_KAFKA_BOOTSTRAP_SERVERS": infrastructure.kafka.bootstrap_servers,
        "PORTICO_PORT": str(port),
        "PORTICO_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
        "PORTICO_PORTAL_URL": "http://portal",
        "PORTICO_SEAL_KEY": base64.b64encode(bytes(32)).decode(),
        "PORTICO_NOTICE_SEAL_KEY": base64.b64encode(bytes(range(32))).decode(),
        "PORTICO_EMR_JWKS_URL": "http://127.0.0.1:1/jwks.json",
    }
    with (folder / "service.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.notification_service", env=environment, stderr=log
        )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            yield client
    finally:
        process.terminate()
        await process.wait()
