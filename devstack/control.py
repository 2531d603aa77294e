"""Restarting a running stack's services, and stopping it."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from chassis.instances import service_of
from devstack.paths import Home
from devstack.readiness import HEALTH_INTERVAL, POLL_INTERVAL, tail
from devstack.state import supervisor_pid
from devstack.status import ServiceStatus, status

DOWN_TIMEOUT = 40.0
RESTART_TIMEOUT = 60.0


class RestartError(RuntimeError):
    """Not all services could be restarted; the message says which, and why."""


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
