"""What runs now: the lock that one supervisor holds, and the file that says what it supervises."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from pydantic import BaseModel

from devstack.paths import Home

LOCK_PATIENCE = 0.5
LOCK_INTERVAL = 0.02


class RunningService(BaseModel):
    """One service as it runs now; pid is None between a crash and the next start."""

    name: str
    instance: int
    pid: int | None
    url: str


class RunningStack(BaseModel):
    """The content of stack.json."""

    pid: int
    urls: dict[str, str]
    kafka: str
    smtp_host: str
    smtp_port: int
    services: list[RunningService]


class AlreadyRunningError(RuntimeError):
    """Another process runs a stack on the same folder."""


@contextmanager
def only_supervisor(home: Home) -> Iterator[None]:
    """Hold the stack's lock; the operating system frees it even after SIGKILL.

    Raises:
        AlreadyRunningError: Another process holds it; the message has its pid and addresses.
    """
    home.folder.mkdir(parents=True, exist_ok=True)
    with home.lock.open("a+") as lock:
        if not _lock_soon(lock):
            raise AlreadyRunningError(_what_runs(home, lock))
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def supervisor_pid(home: Home) -> int | None:
    """Return the process id of the running supervisor; None when none runs."""
    if not home.lock.exists():
        return None
    with home.lock.open("a+") as lock:
        return None if _try_lock(lock) else _read_pid(lock)


def running_stack(home: Home) -> RunningStack | None:
    """Return the stack that runs in this folder, without asking it anything; None for none."""
    return None if supervisor_pid(home) is None else read_running(home)


def read_running(home: Home) -> RunningStack | None:
    """Return what runs now; None while nothing runs or the stack still starts."""
    try:
        return RunningStack.model_validate_json(home.running.read_text())
    except FileNotFoundError:
        return None


def write_running(home: Home, running: RunningStack) -> None:
    """Write stack.json, so that a reader sees the old or the new content and no mix."""
    attempt = home.running.with_suffix(".new")
    attempt.write_text(running.model_dump_json(indent=2))
    attempt.replace(home.running)


def _lock_soon(lock: TextIO) -> bool:
    """Lock the file, even if somebody who only asks who runs holds it for a moment."""
    deadline = time.monotonic() + LOCK_PATIENCE
    while not _try_lock(lock):
        if time.monotonic() > deadline:
            return False
        time.sleep(LOCK_INTERVAL)
    return True


def _try_lock(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read_pid(lock: TextIO) -> int | None:
    lock.seek(0)
    content = lock.read()
    return int(content) if content else None


def _what_runs(home: Home, lock: TextIO) -> str:
    running = read_running(home)
    where = ", ".join(running.urls.values()) if running else "still starting or stopping"
    return (
        f"A stack runs already in {home.folder}, with process id {_read_pid(lock)} ({where}). "
        "Stop it with `portico down`, or set PORTICO_HOME to another folder for a second one."
    )
