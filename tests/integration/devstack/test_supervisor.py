"""The supervisor: what crashes comes back, and nothing outlives it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from devstack.ports import free_port, is_free
from devstack.process import Process, ProcessSpec
from devstack.supervisor import Supervisor

SLEEP = [sys.executable, "-S", "-c", "import signal; print('up', flush=True); signal.pause()"]
STUBBORN = [
    *SLEEP[:-1],
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('up', flush=True)\nwhile True: signal.pause()",
]
ROOT = Path(__file__).parents[3]


def wait_for(condition: Callable[[], bool], limit: float = 10) -> None:
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """A zombie, which its parent has not yet asked about, is not alive."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def pid_of(process: Process) -> int:
    assert process.pid is not None
    return process.pid


@pytest.fixture
def report() -> list[str]:
    return []


@pytest.fixture
def supervisor(report: list[str]) -> Iterator[Supervisor]:
    with Supervisor(report=report.append) as running:
        yield running


@pytest.fixture
def spec(tmp_path: Path) -> ProcessSpec:
    return ProcessSpec("sleeper", SLEEP, tmp_path / "sleeper.log")


def is_up(spec: ProcessSpec, times: int = 1) -> bool:
    return spec.log_file.read_text().count("up") == times


def test_a_crashed_process_is_started_again_and_reported(
    supervisor: Supervisor, spec: ProcessSpec, report: list[str]
) -> None:
    [process] = supervisor.start([spec])
    wait_for(lambda: is_up(spec))
    first = pid_of(process)
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: is_up(spec, times=2))
    assert pid_of(process) != first
    assert len(report) == 1
    assert report[0].startswith("sleeper ended by SIGKILL; starting it again in 0.2 s")


def test_a_process_that_was_asked_to_end_is_always_back_soon(
    supervisor: Supervisor, spec: ProcessSpec, report: list[str]
) -> None:
    [process] = supervisor.start([spec])
    for times in (1, 2, 3):
        wait_for(partial(is_up, spec, times))
        os.kill(pid_of(process), signal.SIGTERM)
    wait_for(lambda: is_up(spec, times=4))
    assert [line.split(" again in ")[1].split(" s ")[0] for line in report] == ["0.2"] * 3


def test_a_process_that_ends_at_once_is_tried_less_and_less_often(
    supervisor: Supervisor, tmp_path: Path, report: list[str]
) -> None:
    argv = [sys.executable, "-S", "-c", "raise SystemExit(3)"]
    supervisor.start([ProcessSpec("failing", argv, tmp_path / "failing.log")])
    wait_for(lambda: len(report) == 3)
    assert "failing ended with exit code 3" in report[0]
    assert [line.split(" again in ")[1].split(" s ")[0] for line in report] == ["0.2", "0.4", "0.8"]


def test_stopping_leaves_nothing_running(
    supervisor: Supervisor, tmp_path: Path, report: list[str]
) -> None:
    specs = [ProcessSpec(name, SLEEP, tmp_path / f"{name}.log") for name in ("one", "two")]
    pids = [pid_of(process) for process in supervisor.start(specs)]
    supervisor.stop()
    assert not any(is_alive(pid) for pid in pids)
    assert report == []


def test_a_process_that_ignores_the_request_to_stop_is_killed(
    supervisor: Supervisor, tmp_path: Path, report: list[str]
) -> None:
    spec = ProcessSpec("stubborn", STUBBORN, tmp_path / "stubborn.log")
    [process] = supervisor.start([spec])
    wait_for(lambda: is_up(spec))
    pid = pid_of(process)
    supervisor.stop(timeout=0.2)
    assert not is_alive(pid)
    assert report == ["stubborn did not end within 0.2 s and is killed"]


def test_a_killed_supervisor_leaves_no_orphan(tmp_path: Path) -> None:
    script = (
        "import pathlib, signal, sys, threading\n"
        "from devstack.process import ProcessSpec\n"
        "from devstack.supervisor import Supervisor\n"
        "argv, log = sys.argv[2:], pathlib.Path(sys.argv[1])\n"
        "[process] = Supervisor().start([ProcessSpec('child', argv, log)])\n"
        "print(process.pid, flush=True)\n"
        "signal.pause()\n"
    )
    log_file = tmp_path / "child.log"
    argv = [sys.executable, "-c", script, str(log_file), *STUBBORN]
    with subprocess.Popen(  # noqa: S603 - runs the script above
        argv, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        wait_for(lambda: "up" in log_file.read_text())
        parent.kill()
    wait_for(lambda: not is_alive(child))


def test_a_taken_port_is_replaced_by_a_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        other = free_port(port)
        assert other != port
        assert is_free(other)
    assert free_port(port) == port


def test_a_port_is_given_to_one_process_before_anybody_listens_on_it() -> None:
    port = free_port()
    assert free_port(port) == port
    ask = f"from devstack.ports import free_port; print(free_port({port}))"
    other = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(other.stdout) != port
