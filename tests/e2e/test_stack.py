"""The whole stack, with the real services, as its commands and its users meet it."""

import json
import os
import signal
from pathlib import Path

import httpx
import pytest

from cli.waiting import wait_for
from devstack.services import SERVICES
from devstack.stack import Stack
from devstack.state import AlreadyRunningError
from devstack.status import Status, status
from tests.e2e.conftest import Command


def pids(home: Path) -> dict[str, int | None]:
    return {service["name"]: service["pid"] for service in status(home)["services"]}


def test_the_status_says_where_everything_is(stack: Status) -> None:
    assert list(stack) == ["ready", "urls", "kafka", "smtp", "services", "credentials"]
    assert stack["ready"]
    assert set(stack["urls"]) == {"emr", "invitations", "notifications", "portal", "ops", "inbox"}
    assert [service["ready"] for service in stack["services"]] == [True] * (len(SERVICES) + 1)
    assert httpx.get(f"{stack['urls']['inbox']}/").status_code == httpx.codes.OK


def test_a_second_start_in_the_same_folder_is_refused(home: Path, stack: Status) -> None:
    with pytest.raises(AlreadyRunningError, match=f"{home}.*{stack['urls']['portal']}"):
        Stack(home).start()


def test_killed_services_come_back_under_new_process_ids(home: Path, stack: Status) -> None:
    before = {service["name"]: service["pid"] for service in stack["services"]}
    for pid in before.values():
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    def are_back() -> bool | None:
        new = all(pid not in {before[name], None} for name, pid in pids(home).items())
        return True if new and status(home)["ready"] else None

    wait_for(are_back, "All services under new process ids", seconds=60)


def test_a_restart_gives_the_named_service_alone_a_new_process_id(
    home: Path, portico: Command
) -> None:
    before = pids(home)
    done = portico("restart", "invitation_service", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"restarted": ["invitation_service"]}
    now = pids(home)
    assert {name for name, pid in now.items() if pid != before[name]} == {"invitation_service"}
    assert status(home)["ready"]


def test_an_unknown_service_is_not_restarted(home: Path, portico: Command) -> None:
    before = pids(home)
    done = portico("restart", "invitation_service", "billing")
    assert done.returncode == 1
    assert "There is no 'billing' here" in done.stderr
    assert pids(home) == before


def test_only_the_owner_may_read_the_secrets(home: Path, stack: Status) -> None:
    assert (home / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert stack["credentials"] is not None
    assert stack["credentials"]["api_token"] not in (home / "stack.json").read_text()
