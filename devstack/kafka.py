"""A real Apache Kafka broker in KRaft mode."""

import shutil
import socket
import struct
from collections.abc import Sequence
from pathlib import Path

from devstack.kafka_java import format_storage, java
from devstack.kafka_settings import Membership, Ports, new_cluster_id, settings
from devstack.ports import HOST, free_port
from devstack.process import STOP_TIMEOUT, Process, ProcessSpec, Report, silent
from devstack.readiness import wait_until_ready

DEFAULT_PORT = 9092
START_TIMEOUT = 60.0

# The request for what a broker can do (ApiVersions, version 0), numbered 1, by a nameless client.
WHAT_CAN_YOU_DO = struct.pack(">ihhih", 10, 18, 0, 1, -1)
ANSWER_TO_1 = struct.pack(">i", 1)


class Kafka:
    """One broker on 127.0.0.1 that keeps its messages in a folder between starts.

    Args:
        folder: Its messages and settings.
        log_file: Takes what it prints.
        cache: Has the jars, shared by all stacks.
        port: Where clients connect; another one when it is taken or 0.
        restart: Start it again after a crash.
        report: Takes one line whenever it ended by itself.
        membership: Its place in a cluster; without one it stands alone.
        java_flags: For Java, besides the usual ones.
    """

    def __init__(  # noqa: PLR0913 - each says one thing of a broker
        self,
        folder: Path,
        log_file: Path,
        cache: Path,
        *,
        port: int = DEFAULT_PORT,
        restart: bool = False,
        report: Report = silent,
        membership: Membership | None = None,
        java_flags: Sequence[str] = (),
    ) -> None:
        self.folder = folder
        self.cache = cache
        self.port = free_port(port)
        self._membership = membership
        self.node_id = membership.node_id if membership else 1
        self.controller_port = (
            membership.controller_ports[self.node_id] if membership else free_port()
        )
        self._java_flags = java_flags
        self._log_file = log_file
        self._restart = restart
        self._report = report
        self.process: Process | None = None

    @property
    def bootstrap_servers(self) -> str:
        """Host and port for clients; the same after each start of this object."""
        return f"{HOST}:{self.port}"

    def start(self, timeout: float = START_TIMEOUT) -> None:
        """Start the broker, making its folder the first time, and return when clients may connect.

        Raises:
            JarError: Kafka could not be downloaded as locked.
            NotReadyError: It ended, or took longer than timeout seconds.
        """
        self._format()
        settings_file = self._write_settings(self.folder / "data")
        argv = [*java(self.cache, self._java_flags), "kafka.Kafka", str(settings_file)]
        spec = ProcessSpec(self._log_file.stem, argv, self._log_file)
        self.process = Process(spec, restart=self._restart, report=self._report)
        self.process.start()
        wait_until_ready(self.process, lambda: _answers(self.port), timeout)

    def stop(self, timeout: float = STOP_TIMEOUT) -> None:
        """Stop the broker in order; start() continues with the same messages.

        It is killed after timeout seconds.
        """
        if self.process is not None:
            self.process.stop(timeout)

    def end(self) -> None:
        """End the broker at once; what it wrote is safe with the operating system."""
        if self.process is not None:
            self.process.request_stop()
            self.process.kill()
            self.process.join()

    def kill(self) -> None:
        """Kill the broker with SIGKILL, as a crash would."""
        if self.process is not None:
            self.process.kill()

    def _format(self) -> None:
        """Give a new folder its cluster id, aside, so that a killed attempt leaves nothing."""
        formatted = self.folder / "data"
        if formatted.exists():
            return
        attempt = self.folder / "data.new"
        shutil.rmtree(attempt, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._membership:
            cluster = ["-t", self._membership.cluster_id]
        else:
            cluster = ["-t", new_cluster_id(), "--standalone"]
        format_storage(self.cache, cluster, self._write_settings(attempt))
        attempt.rename(formatted)

    def _write_settings(self, log_folder: Path) -> Path:
        file = self.folder / "server.properties"
        ports = Ports(self.port, self.controller_port)
        file.write_text(settings(log_folder, ports, self._membership))
        return file


def _answers(port: int) -> bool:
    """Tell whether Kafka answers on this port of 127.0.0.1."""
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            connection.sendall(WHAT_CAN_YOU_DO)
            return connection.recv(8)[4:] == ANSWER_TO_1
    except OSError:
        return False
