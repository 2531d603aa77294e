"""The whole stack, with the real services, as its commands and its users meet it."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from devstack.services import INBOX, INBOX_SMTP_PORT_VARIABLE, SERVICES
from devstack.stack import AlreadyRunningError, Stack, Status, down, run_detached, status
from tests.integration.devstack.test_supervisor import wait_for

PORT_VARIABLES = [service.port_variable for service in (*SERVICES, INBOX)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stack")


@pytest.fixture(scope="module")
def started(home: Path) -> Iterator[Status]:
    with pytest.MonkeyPatch.context() as environment:
        for variable in (*PORT_VARIABLES, INBOX_SMTP_PORT_VARIABLE, "PORTICO_KAFKA_PORT"):
            environment.setenv(variable, "0")
        yield run_detached(home)
    assert down(home)
    assert status(home)["services"] == []


def pids(home: Path) -> dict[str, int | None]:
    return {service["name"]: service["pid"] for service in status(home)["services"]}


def test_the_status_says_where_everything_is(started: Status) -> None:
    assert list(started) == ["ready", "urls", "kafka", "smtp", "services", "credentials"]
    assert started["ready"]
    assert set(started["urls"]) == {"emr", "invitations", "notifications", "portal", "inbox"}
    assert [service["ready"] for service in started["services"]] == [True] * len(SERVICES)
    assert httpx.get(f"{started['urls']['inbox']}/").status_code == httpx.codes.OK


def test_a_second_start_in_the_same_folder_is_refused(home: Path, started: Status) -> None:
    with pytest.raises(AlreadyRunningError, match=f"{home}.*{started['urls']['portal']}"):
        Stack(home).start()


def test_killed_services_come_back_under_new_process_ids(home: Path, started: Status) -> None:
    before = {service["name"]: service["pid"] for service in started["services"]}
    for pid in before.values():
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: all(pid not in {before[name], None} for name, pid in pids(home).items()))
    wait_for(lambda: status(home)["ready"], limit=20)


def test_only_the_owner_may_read_the_secrets(home: Path, started: Status) -> None:
    assert (home / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert started["credentials"] is not None
    assert started["credentials"]["api_token"] not in (home / "stack.json").read_text()
