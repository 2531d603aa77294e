"""Running a stack, in the foreground or the background."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from devstack import kafka_classes
from devstack.paths import Home, cache_folder
from devstack.process import Report
from devstack.readiness import HEALTH_INTERVAL, NotReadyError, tail
from devstack.size import Size
from devstack.stack import PROJECT, Stack
from devstack.state import only_supervisor
from devstack.status import Status, status


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
        kafka_classes.keep(cache_folder())
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


def _interrupt_once(_signal: int, _frame: FrameType | None) -> None:
    # A second Ctrl-C must not leave half of the stack running.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt
