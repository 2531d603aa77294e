"""The examples of docs/integrate.md work as they stand there."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from fastapi import FastAPI

from chassis.database import Database
from contracts.chart import InviteRequested
from devstack.kafka_jars import kafka_jars
from devstack.paths import cache_folder
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.chart_service.api_clients import add_client
from tests.integration.chart_service.conftest import Center
from tests.integration.chart_service.receiver import receiving
from tests.integration.chart_service.serving import serving

Prepared = Callable[[Path], Awaitable[list[str]]]

EXAMPLES = Path("docs/examples")
BOTH_CHECK = {
    "python": "import json, sys; from verify_webhook import verify; a = json.load(sys.stdin); "
    "print(json.dumps(verify(a['secret'], a['headers'], a['body'].encode())))",
    "node": "import {verify} from './verify_webhook.mjs'; import {readFileSync} from 'node:fs'; "
    "const a = JSON.parse(readFileSync(0)); "
    "console.log(JSON.stringify(verify(a.secret, a.headers, Buffer.from(a.body))))",
}


async def run(*command: str, stdin: str = "", **environment: str) -> str:
    """Run a program in the folder of the examples; return what it says."""
    started = await asyncio.create_subprocess_exec(
        *command,
        cwd=EXAMPLES,
        env=os.environ | environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, wrong = await started.communicate(stdin.encode())
    if started.returncode:
        raise RuntimeError(wrong.decode())
    return said.decode()


def program(name: str) -> str:
    """Return where a program is that an example needs."""
    found = shutil.which(name)
    assert found, f"{name} is not installed; the tests of docs/examples need Node 20, Java 17, kcat"
    return found


async def with_node(folder: Path) -> list[str]:
    """Install what the Node example needs, as locked, in a folder; return how to run it there."""
    for name in ("publish.mjs", "package.json", "package-lock.json"):
        shutil.copy(EXAMPLES / name, folder)
    quiet = ("--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund")
    await run(program("npm"), "ci", "--prefix", str(folder), *quiet)
    return [program("node"), str(folder / "publish.mjs")]


async def with_java(_folder: Path) -> list[str]:
    """Return how to run the Java example with the jars that the embedded Kafka has."""
    jars = await asyncio.to_thread(kafka_jars, cache_folder())
    clients = [str(jar) for jar in jars if jar.name.startswith(("kafka-clients-", "slf4j-"))]
    return [program("java"), "-cp", ":".join(clients), "Publish.java"]


async def with_python(_folder: Path) -> list[str]:
    """Return how to run the Python example."""
    return [sys.executable, "publish.py"]


async def with_kcat(_folder: Path) -> list[str]:
    """Return how to run kcat's example."""
    program("kcat")
    return ["sh", "publish.sh"]


@pytest.mark.parametrize(
    "name", sorted(path.name for path in EXAMPLES.iterdir() if path.suffix not in ("", ".json"))
)
def test_the_page_shows_the_example_that_is_tested(name: str) -> None:
    assert (EXAMPLES / name).read_text() in Path("docs/integrate.md").read_text()


@pytest.mark.parametrize("prepared", [with_python, with_node, with_java, with_kcat])
async def test_an_invitation_is_asked_for(
    center: Center, servers: Servers, events: EventLog, tmp_path: Path, prepared: Prepared
) -> None:
    await center.has_chart()
    command = await prepared(tmp_path)
    event_id = await run(*command, center.id, "c-1", "p-1", KAFKA=servers.kafka)
    [request] = await events.wait_for(InviteRequested, lambda e: str(e.id) == event_id.strip())
    assert request.data.invitee.organization == center.id


async def test_the_api_is_called_with_curl(
    center: Center, service: FastAPI, servers: Servers
) -> None:
    await center.has_chart()
    database = Database(servers.database_url("chart"))
    client = await add_client(database, center.api, center.id, "charts:read")
    await database.close()
    async with serving(service, lifespan="off") as url:
        said = await run(
            "sh",
            "call_api.sh",
            PORTICO=url,
            ORGANIZATION=center.id,
            CLIENT_ID=client.id,
            CLIENT_SECRET=client.secret,
        )
    assert json.loads(said)["total"] == 1


@pytest.mark.parametrize("language", ["python", "node"])
async def test_a_webhook_is_checked(center: Center, language: str) -> None:
    programs = {
        "python": [sys.executable, "-c"],
        "node": [program("node"), "--input-type=module", "-e"],
    }
    async with receiving() as receiver:
        added = await center.api.post(f"{center.path}/webhooks", json={"url": receiver.url})
        await center.api.post(f"{center.path}/webhooks/{added.json()['id']}/test")
        [received] = await receiver.waits_for(1)
    given = {"secret": added.json()["secret"], "headers": received.headers, "body": received.body}
    said = await run(*programs[language], BOTH_CHECK[language], stdin=json.dumps(given))
    assert json.loads(said)["type"] == "webhook.test"
    for forged in ({"body": received.body + " "}, {"secret": "whsec_eA=="}):
        with pytest.raises(RuntimeError, match="not signed"):
            await run(*programs[language], BOTH_CHECK[language], stdin=json.dumps(given | forged))
