"""`portico up`, `status`, `down`, as somebody at a terminal gives them."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.temporary_stack import PORT_VARIABLES
from cli.waiting import wait_for
from devstack.paths import temporary_folder
from devstack.services import SERVICES
from devstack.status import status
from tests.e2e.conftest import PORTICO, Command, command_in


@pytest.fixture
def own_home() -> Iterator[Path]:
    """A folder for a stack of a test's own."""
    with temporary_folder() as folder:
        yield folder
        command_in(folder)("down")


@pytest.fixture
def own(own_home: Path) -> Command:
    """Give commands in that folder."""
    return command_in(own_home)


def charts(stack: dict[str, Any]) -> list[dict[str, Any]]:
    answer = httpx.get(
        f"{stack['urls']['emr']}/api/v1/organizations/sunrise/charts",
        headers={"Authorization": f"Bearer {stack['credentials']['api_token']}"},
    )
    found: list[dict[str, Any]] = answer.raise_for_status().json()["charts"]
    return found


def is_alive(pid: int) -> bool:
    try:
        content = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return content.rpartition(")")[2].split()[0] != "Z"


def test_a_second_start_keeps_what_the_first_one_knew(own: Command) -> None:
    started = own("up", "--detach")
    assert started.returncode == 0, started.stderr
    assert "staff@sunrise.example" in started.stdout
    shown = own("status", "--json")
    assert shown.returncode == 0
    first = json.loads(shown.stdout)
    assert first["ready"] is True
    assert {service["ready"] for service in first["services"]} == {True}
    api = f"{first['urls']['emr']}/api/v1/organizations/sunrise/charts"
    headers = {"Authorization": f"Bearer {first['credentials']['api_token']}"}
    person = charts(first)[0]["id"]
    changed = {"phone": "+1 202-555-0199"}
    httpx.patch(f"{api}/{person}/people/{person}", json=changed, headers=headers).raise_for_status()
    assert own("down").returncode == 0
    assert own("status").returncode == 1
    assert not any(is_alive(service["pid"]) for service in first["services"])
    assert own("up", "--detach").returncode == 0
    second = json.loads(own("status", "--json").stdout)
    assert second["credentials"] == first["credentials"]
    assert len(charts(second)) == len(charts_in_repo())
    sheet = httpx.get(
        f"{second['urls']['emr']}/api/v1/organizations/sunrise/charts/{person}", headers=headers
    )
    assert sheet.json()["patient"]["phone"] == "+1 202-555-0199"
    again = own("up", "--detach")
    assert again.returncode == 1
    assert "A stack runs already" in again.stderr


def charts_in_repo() -> list[Path]:
    return list(Path("demo_data/fhir").glob("*.json"))


def test_ctrl_c_ends_everything_and_a_taken_port_is_replaced_and_reported(own_home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        environment = os.environ | dict.fromkeys(PORT_VARIABLES, "0")
        environment |= {"PORTICO_HOME": str(own_home), "PORTICO_PORTAL_PORT": port}
        with subprocess.Popen(  # noqa: S603 - our own command
            [PORTICO, "up"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            shown = [next(lines)]
            while not shown[-1].startswith("Ready after"):
                shown.append(next(lines))
            running = status(own_home)
            process.send_signal(signal.SIGINT)
            rest = process.stdout.read()
    assert process.returncode == 0
    assert rest.splitlines() == ["Stopping"]
    assert any(f"Port {port} is taken; portal_access uses " in line for line in shown)
    pids = [service["pid"] for service in running["services"]]
    assert len(pids) == len(SERVICES) + 1  # and the console
    wait_for(lambda: None if any(is_alive(pid or 0) for pid in pids) else True, "The end of all")
