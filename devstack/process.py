"""One supervised process: started, watched, started again after a crash, stopped for certain."""

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from devstack import tether

FIRST_DELAY = 0.2
LONGEST_DELAY = 5.0
STEADY_AFTER = 10.0
STOP_TIMEOUT = 10.0

Report = Callable[[str], None]


def silent(_line: str) -> None:
    """Drop a line of a report that nobody asked for."""


def unnoticed() -> None:
    """Let a change pass that nobody asked for."""


@dataclass(frozen=True)
class ProcessSpec:
    """What to run.

    Args:
        name: How reports call it.
        argv: The program and its arguments.
        log_file: Takes what it prints, appended.
        env: Its whole environment; that of this process when None.
        cwd: The folder that it runs in; that of this process when None.
        user: The system user to run as; only root may name one.
        stop_signal: Asks it to end.
        death_signal: It gets this when its supervisor dies without having stopped it.
    """

    name: str
    argv: Sequence[str]
    log_file: Path
    env: Mapping[str, str] | None = None
    cwd: Path | None = None
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL


class Process:
    """A process that a thread of its own watches.

    The thread also spawns it: Linux sends the death signal when the spawning thread ends.

    Args:
        spec: What to run.
        restart: Start it again when it ends by itself, after 0.2 s, doubling up to 5 s; from 0.2 s
            again once it was up for 10 s, or when somebody asked it to end.
        report: Takes one line whenever it ended by itself.
        changed: Called whenever its process id is another one, or none.
    """

    def __init__(
        self,
        spec: ProcessSpec,
        *,
        restart: bool = False,
        report: Report = silent,
        changed: Callable[[], None] = unnoticed,
    ) -> None:
        self.spec = spec
        self.restart = restart
        self._report = report
        self._changed = changed
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._popen: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    @property
    def name(self) -> str:
        """How reports call it."""
        return self.spec.name

    @property
    def pid(self) -> int | None:
        """The process id now; None while it does not run."""
        popen = self._popen
        return popen.pid if popen is not None and popen.poll() is None else None

    @property
    def exit_code(self) -> int | None:
        """How the last run ended, negative for a signal; None while it runs or never ran."""
        return None if self._popen is None else self._popen.poll()

    @property
    def ended(self) -> bool:
        """Whether it neither runs nor will be started again."""
        return self._thread is None or not self._thread.is_alive()

    def start(self) -> None:
        """Start the process and return at once.

        Raises:
            RuntimeError: It runs already.
            OSError: Its log file or the interpreter cannot be opened.
        """
        if not self.ended:
            raise RuntimeError(f"{self.name} runs already, with process id {self.pid}")
        self._stopping.clear()
        self.spec.log_file.parent.mkdir(parents=True, exist_ok=True)
        self.spec.log_file.touch()
        spawned = threading.Event()
        self._thread = threading.Thread(
            target=self._watch, args=(spawned,), name=f"watch {self.name}", daemon=True
        )
        self._thread.start()
        spawned.wait()

    def stop(self, timeout: float = STOP_TIMEOUT) -> None:
        """Ask the process to end, kill it after timeout seconds, and return when it is gone."""
        self.request_stop()
        self.join(timeout)

    def request_stop(self) -> None:
        """Ask the process to end and return at once; it will not be started again."""
        self._stopping.set()
        with self._lock:
            if self._popen is not None:
                self._popen.send_signal(self.spec.stop_signal)

    def join(self, timeout: float = STOP_TIMEOUT) -> None:
        """Wait for a process that was asked to end; kill it and its group after timeout seconds."""
        if self._thread is None:
            return
        self._thread.join(timeout)
        if self._thread.is_alive():
            self._report(f"{self.name} did not end within {timeout:g} s and is killed")
            self._kill_group()
            self._thread.join()

    def kill(self) -> None:
        """Kill the process with SIGKILL, as a crash would, and return when its children ended too.

        With restart it comes back by itself.
        """
        pid = self.pid
        if pid is None:
            return
        children = _watch_children(pid)
        popen = self._popen
        self._kill_group()
        if popen is not None:
            popen.wait()
        _wait_for_end(children)
        if not self.restart and self._thread is not None:
            self._thread.join()

    def _kill_group(self) -> None:
        with self._lock:
            if self._popen is not None and self._popen.poll() is None:
                os.killpg(self._popen.pid, signal.SIGKILL)

    def _watch(self, spawned: threading.Event) -> None:
        delay = FIRST_DELAY
        while True:
            popen = self._spawn()
            spawned.set()
            if popen is None:
                return
            self._changed()
            began = time.monotonic()
            code = popen.wait()
            if self._stopping.is_set():
                return
            asked_to_end = code == -self.spec.stop_signal
            if asked_to_end or time.monotonic() - began >= STEADY_AFTER:
                delay = FIRST_DELAY
            self._report_end(code, delay)
            self._changed()
            if not self.restart or self._stopping.wait(delay):
                return
            delay = min(2 * delay, LONGEST_DELAY)

    def _spawn(self) -> subprocess.Popen[bytes] | None:
        with self._lock, self.spec.log_file.open("ab") as log:
            if self._stopping.is_set():
                return None
            self._popen = subprocess.Popen(  # noqa: S603 - what it runs is given by this package
                self._tethered_argv(),
                env=self.spec.env,
                cwd=self.spec.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A group of its own, so that Ctrl-C reaches the supervisor alone.
                start_new_session=True,
            )
            return self._popen

    def _tethered_argv(self) -> list[str]:
        script = [sys.executable, "-I", "-S", tether.__file__]
        arguments = [str(os.getpid()), str(int(self.spec.death_signal)), self.spec.user or ""]
        return [*script, *arguments, *self.spec.argv]

    def _report_end(self, code: int, delay: float) -> None:
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        then = f"starting it again in {delay:g} s" if self.restart else "it stays down"
        self._report(f"{self.name} ended {how}; {then} (log: {self.spec.log_file})")


def _watch_children(pid: int) -> list[int]:
    """Return a file descriptor for each child, which becomes readable when the child ends."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    descriptors = []
    for child in listed.read_text().split() if listed.exists() else []:
        with suppress(ProcessLookupError):
            descriptors.append(os.pidfd_open(int(child)))
    return descriptors


def _wait_for_end(children: Sequence[int]) -> None:
    deadline = time.monotonic() + STOP_TIMEOUT
    for descriptor in children:
        select.select([descriptor], [], [], max(0, deadline - time.monotonic()))
        os.close(descriptor)
