"""A running stack for the tests of a session, and those who use it from outside."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from cli.temporary_stack import PORT_VARIABLES, temporary_stack
from cli.waiting import wait_for
from devstack.status import Status, status
from tests.span_receiver import SpanReceiver

PORTICO = Path(sys.executable).with_name("portico")
Json = dict[str, Any]
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="package")
def spans() -> Iterator[SpanReceiver]:
    """Where the running stack sends its spans."""
    with SpanReceiver() as receiver:
        yield receiver


@pytest.fixture(scope="package")
def home(spans: SpanReceiver) -> Iterator[Path]:
    """The folder of a stack that runs, and exports its spans."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PORTICO_OTLP_ENDPOINT", spans.endpoint)
        environment.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
        with temporary_stack(print) as stack:
            yield stack.home.folder


@pytest.fixture(scope="package")
def stack(home: Path) -> Status:
    """Where everything of the running stack is."""
    return status(home)


@pytest.fixture
def portico(home: Path) -> Command:
    """Give a command as a user of the running stack."""
    return command_in(home)


def command_in(home: Path) -> Command:
    """Return what gives `portico` commands in a folder of state, on free ports."""
    environment = os.environ | dict.fromkeys(PORT_VARIABLES, "0") | {"PORTICO_HOME": str(home)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own command
            [PORTICO, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@dataclass
class Center:
    """A treatment centre of one test's own, that uses the chart API."""

    stack: Status
    api: httpx.Client
    id: str = field(default_factory=lambda: f"o-{uuid4().hex[:12]}")

    @property
    def path(self) -> str:
        """Where the chart API has it."""
        return f"/api/v1/organizations/{self.id}"

    def has_charts(self, charts: list[Json]) -> None:
        """Enter the organisation and its charts."""
        body = {"name": "Sunrise Recovery Center", "phone": "+1 202-555-0143"}
        self.api.put(self.path, json=body).raise_for_status()
        self.api.post(f"{self.path}/charts", json=charts).raise_for_status()

    def invites(self, chart: str, person: str) -> httpx.Response:
        """Ask for an invitation."""
        return self.api.post(f"{self.path}/charts/{chart}/people/{person}/invitations", json={})

    def alerts(self, chart: str) -> list[Json]:
        """Return what stands at the top of a facesheet."""
        answer = self.api.get(f"{self.path}/charts/{chart}/alerts").raise_for_status()
        found: list[Json] = answer.json()
        return found

    def waits_for_alerts(self, chart: str, *states: str) -> list[Json]:
        """Return a facesheet's alerts as soon as they are in these states."""

        def look() -> list[Json] | None:
            found = self.alerts(chart)
            return found if [alert["state"] for alert in found] == list(states) else None

        return wait_for(look, f"Alerts in the states {states}", seconds=60)

    def waits_for_mailed(self, chart: str, invitation: str) -> None:
        """Return as soon as a facesheet's alert tells that this invitation was mailed."""

        def look() -> bool | None:
            mailed = [each for each in self.alerts(chart) if each["state"] == "sent"]
            return True if [each["invitation_id"] for each in mailed] == [invitation] else None

        wait_for(look, "The alert of a mailed invitation", seconds=60)

    def mails(self, limit: int = 20_000) -> list[Json]:
        """Return the mails in the inbox to people of this centre."""
        answer = httpx.get(
            f"{self.stack['urls']['inbox']}/api/v1/messages", params={"limit": limit}, timeout=60
        )
        messages = answer.raise_for_status().json()["messages"]
        return [
            mail for mail in messages if mail["To"][0]["Address"].endswith(f"@{self.id}.example")
        ]


@pytest.fixture
def center(stack: Status) -> Iterator[Center]:
    """A treatment centre that nobody has entered yet."""
    assert stack["credentials"] is not None
    assert stack["urls"]["emr"] is not None
    headers = {"Authorization": f"Bearer {stack['credentials']['api_token']}"}
    with httpx.Client(base_url=stack["urls"]["emr"], headers=headers, timeout=60) as api:
        yield Center(stack, api)
