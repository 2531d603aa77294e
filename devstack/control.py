"""Running a stack in the foreground or the background, restarting its services, stopping it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from chassis.instances import service_of
from devstack.kafka_jars import kafka_jars
from devstack.paths import Home, cache_folder
from devstack.process import Report
from devstack.readiness import POLL_INTERVAL, NotReadyError, tail
from devstack.size import Size
from devstack.stack import HEALTH_INTERVAL, PROJECT, Stack
from devstack.state import only_supervisor, supervisor_pid
from devstack.status import ServiceStatus, Status, status

DOWN_TIMEOUT = 40.0
RESTART_TIMEOUT = 60.0


class RestartError(RuntimeError):
    """Not all services could be restarted; the message says which, and why."""


def run_foreground(
    home: Path,
    report: Report = print,
    on_ready: Callable[[Status], None] | None = None,
    size: Size | None = None,
) -> None:
    """Run a stack until Ctrl-C or SIGTERM, then stop it in order.

    Args:
        home: The folder of its state.
        report: Takes lines for people.
        on_ready: Called once everything is ready.
        size: How many brokers and instances; that of the environment when None.

    Raises:
        AlreadyRunningError: Another process runs a stack in this folder.
        JarError: Kafka could not be downloaded as locked.
        OtherSizeError: The folder is that of another number of brokers.
        NotReadyError: Something did not become ready; what was started is stopped again.
    """
    stack = Stack(home, report, size)
    for interruption in (signal.SIGINT, signal.SIGTERM):
        signal.signal(interruption, _interrupt_once)
    try:
        stack.start()
        if on_ready is not None:
            on_ready(status(home))
        threading.Event().wait()
    except KeyboardInterrupt:
        report("Stopping")
    finally:
        stack.stop()


def run_detached(home: Path, size: Size, report: Report = print) -> Status:
    """Start a stack that goes on when this process ends, and return when it is ready.

    Raises:
        AlreadyRunningError: Another process runs a stack in this folder.
        JarError: Kafka could not be downloaded as locked.
        NotReadyError: It did not become ready; the message has its log.
    """
    stack = Home(home.absolute())
    with only_supervisor(stack):
        kafka_jars(cache_folder())
    log_file = stack.log("supervisor")
    log_file.parent.mkdir(parents=True, exist_ok=True)
    report(f"Starting the stack in {stack.folder}; its log is {log_file}")
    with log_file.open("wb") as log:
        supervisor = subprocess.Popen(  # noqa: S603 - this package itself
            [sys.executable, "-u", "-m", "devstack", str(stack.folder)],
            cwd=PROJECT,
            env={**os.environ, **size.environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    while not (now := status(home))["ready"]:
        if supervisor.poll() is not None:
            raise NotReadyError(f"The stack did not start. Its log, {log_file}:\n{tail(log_file)}")
        time.sleep(HEALTH_INTERVAL)
    return now


def restart(home: Path, names: Sequence[str], advance: Callable[[str], None]) -> list[str]:
    """Restart services one instance after another, each once the one before is ready again.

    An instance is asked to end, as by SIGTERM; the supervisor starts it again. `names` are of
    services or of single instances; none means all. `advance` is called with each that is back.

    Raises:
        RestartError: No stack runs here, it has no such service, or one did not come back.
    """
    wanted = instances_of(home, names)
    for service in wanted:
        _restart_one(home, service)
        advance(service["name"])
    return [service["name"] for service in wanted]


def instances_of(home: Path, names: Sequence[str]) -> list[ServiceStatus]:
    """Return the running instances that these names are of; all when there are none.

    Raises:
        RestartError: No stack runs here, or it has no such service.
    """
    running = status(home)["services"]
    if not running:
        raise RestartError(f"No stack runs in {home}. Start one with `portico up`.")
    known = {service_of(each["name"]) for each in running} | {each["name"] for each in running}
    if unknown := [name for name in names if name not in known]:
        there = ", ".join(each["name"] for each in running)
        raise RestartError(f"There is no {unknown[0]!r} here. There are {there}.")
    return [
        each
        for each in running
        if not names or each["name"] in names or service_of(each["name"]) in names
    ]


def _restart_one(home: Path, service: ServiceStatus) -> None:
    if service["pid"] is not None:
        # One that has just ended by itself is started again as well.
        with suppress(ProcessLookupError):
            os.kill(service["pid"], signal.SIGTERM)
    deadline = time.monotonic() + RESTART_TIMEOUT
    while True:
        [now] = [each for each in status(home)["services"] if each["name"] == service["name"]]
        if now["ready"] and now["pid"] not in {None, service["pid"]}:
            return
        if time.monotonic() > deadline:
            log = Home(home.absolute()).log(service["name"])
            raise RestartError(
                f"{service['name']} is not ready {RESTART_TIMEOUT:g} s after its restart; the "
                f"others were left as they are. Its log, {log}:\n{tail(log)}"
            )
        time.sleep(HEALTH_INTERVAL)


def down(home: Path) -> bool:
    """Stop the stack in this folder, wherever it was started, and wait until it is down.

    Returns:
        Whether one ran.

    Raises:
        TimeoutError: It is not down after 40 s.
    """
    stack = Home(home.absolute())
    pid = supervisor_pid(stack)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + DOWN_TIMEOUT
    while supervisor_pid(stack) is not None:
        if time.monotonic() > deadline:
            raise TimeoutError(
                f"The stack in {stack.folder}, process id {pid}, is not down after "
                f"{DOWN_TIMEOUT:g} s. Look into {stack.log('supervisor').parent}."
            )
        time.sleep(POLL_INTERVAL)
    return True


def _interrupt_once(_signal: int, _frame: FrameType | None) -> None:
    # A second Ctrl-C must not leave half of the stack running.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt
