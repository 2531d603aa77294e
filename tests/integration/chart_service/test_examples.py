"""The examples of docs/integrate.md work as they stand there."""

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from fastapi import FastAPI

from chassis.database import Database
from contracts.chart import InviteRequested
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.chart_service.api_clients import add_client
from tests.integration.chart_service.conftest import Center
from tests.integration.chart_service.receiver import receiving
from tests.integration.chart_service.serving import serving

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


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir() if path.is_file()))
def test_the_page_shows_the_example_that_is_tested(name: str) -> None:
    assert (EXAMPLES / name).read_text() in Path("docs/integrate.md").read_text()


async def test_an_invitation_is_asked_for_from_python(
    center: Center, servers: Servers, events: EventLog
) -> None:
    await center.has_chart()
    event_id = await run(sys.executable, "publish.py", center.id, "c-1", "p-1", KAFKA=servers.kafka)
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
    if language == "node" and shutil.which("node") is None:
        pytest.skip("no Node on this machine: what runs there is checked where there is one")
    programs = {
        "python": [sys.executable, "-c"],
        "node": ["node", "--input-type=module", "-e"],
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
