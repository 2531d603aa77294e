"""Waiting until a process can be used, and saying why when it cannot."""

import time
from collections.abc import Callable
from pathlib import Path

from devstack.process import Process

POLL_INTERVAL = 0.02
HEALTH_INTERVAL = 0.1
TAIL_LINES = 15


class NotReadyError(RuntimeError):
    """A process could not be used in time; the message says which and ends with its log."""


def tail(log_file: Path, lines: int = TAIL_LINES) -> str:
    """Return the last lines of a log file; empty when there is none."""
    if not log_file.exists():
        return ""
    return "\n".join(log_file.read_text(errors="replace").splitlines()[-lines:])


def wait_until_ready(
    process: Process,
    is_ready: Callable[[], bool],
    timeout: float,
    interval: float = POLL_INTERVAL,
) -> None:
    """Return as soon as is_ready() holds; it is asked every interval seconds.

    Raises:
        NotReadyError: The process ended for good, or timeout seconds have passed.
    """
    deadline = time.monotonic() + timeout
    while not is_ready():
        if process.ended:
            raise NotReadyError(_failure(process, "ended before it was ready"))
        if time.monotonic() > deadline:
            raise NotReadyError(_failure(process, f"was not ready after {timeout:g} s"))
        time.sleep(interval)


def _failure(process: Process, what: str) -> str:
    log_file = process.spec.log_file
    return f"{process.name} {what}. The end of its log, {log_file}:\n{tail(log_file)}"
