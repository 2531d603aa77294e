"""Several processes kept running together, and stopped together."""

from collections.abc import Callable, Iterable
from typing import Self

from devstack.process import STOP_TIMEOUT, Process, ProcessSpec, Report, silent, unnoticed


class Supervisor:
    """Starts processes, restarts those that crash, and stops all in reverse order.

    Args:
        report: Takes one line whenever a process ended by itself.
        changed: Called whenever a process has a new process id or lost its own.
    """

    def __init__(self, *, report: Report = silent, changed: Callable[[], None] = unnoticed) -> None:
        self.processes: list[Process] = []
        self._report = report
        self._changed = changed

    def start(self, specs: Iterable[ProcessSpec]) -> list[Process]:
        """Start processes, without waiting until they can be used, and return them.

        Raises:
            OSError: A log file cannot be written.
        """
        started = [
            Process(spec, restart=True, report=self._report, changed=self._changed)
            for spec in specs
        ]
        # Listed before they start, so that whoever hears of a change finds them all.
        self.processes.extend(started)
        for process in started:
            process.start()
        return started

    def stop(self, timeout: float = STOP_TIMEOUT) -> None:
        """Ask all to end, the last started first, and kill those that did not within timeout."""
        newest_first = list(reversed(self.processes))
        for process in newest_first:
            process.request_stop()
        for process in newest_first:
            process.join(timeout)
        self.processes.clear()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop all."""
        self.stop()
