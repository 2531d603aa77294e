"""Kafka as a cluster on one machine: several brokers, each a controller, too."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from devstack.kafka import DEFAULT_PORT, START_TIMEOUT, Kafka
from devstack.kafka_settings import Membership, new_cluster_id
from devstack.ports import free_port
from devstack.process import Report, silent

SIZE = 3
"""The fewest that can lose one and go on: two of them are a quorum, and in sync."""


class OtherSizeError(RuntimeError):
    """The folder has the messages of another number of brokers."""


class KafkaCluster:
    """Three brokers that go on when one of them is lost; each keeps its messages in its folder.

    Args:
        folder: Has a folder for each broker.
        log_file: Tells the broker's name: `kafka.log` becomes `kafka-1.log` and so on.
        cache: Has the jars, shared by all stacks.
        port: Where clients reach the first broker; another one when it is taken or 0.
        restart: Start a broker again after a crash.
        report: Takes one line whenever one ended by itself.
    """

    def __init__(
        self,
        folder: Path,
        log_file: Path,
        cache: Path,
        *,
        port: int = DEFAULT_PORT,
        restart: bool = False,
        report: Report = silent,
    ) -> None:
        self._folder = folder
        self._ports: list[int] = []
        controllers = {node: self._another_port() for node in range(1, SIZE + 1)}
        cluster_id = _cluster_id(folder)
        self.brokers = [
            Kafka(
                folder / f"broker-{node}",
                log_file.with_stem(f"{log_file.stem}-{node}"),
                cache,
                port=port if node == 1 else self._another_port(),
                restart=restart,
                report=report,
                membership=Membership(node, cluster_id, controllers),
            )
            for node in controllers
        ]

    @property
    def bootstrap_servers(self) -> str:
        """Host and port of each broker for clients; the same after each start of this object."""
        return ",".join(broker.bootstrap_servers for broker in self.brokers)

    def start(self, timeout: float = START_TIMEOUT) -> None:
        """Start all brokers at a time, and return when clients may connect to each.

        Raises:
            JarError: Kafka could not be downloaded as locked.
            NotReadyError: One ended, or took longer than timeout seconds.
        """
        self._each(lambda broker: broker.start(timeout))

    def stop(self) -> None:
        """Stop one broker after another; start() continues with the same messages.

        The last has no quorum left to take its leave of, and would wait for one.
        """
        *others, last = self.brokers
        for broker in others:
            broker.stop()
        last.end()

    def kill(self) -> None:
        """Kill all brokers with SIGKILL, as a power failure would."""
        self._each(Kafka.kill)

    def _each(self, work: Callable[[Kafka], None]) -> None:
        with ThreadPoolExecutor(SIZE) as pool:
            for done in [pool.submit(work, broker) for broker in self.brokers]:
                done.result()

    def _another_port(self) -> int:
        self._ports.append(free_port(given=self._ports))
        return self._ports[-1]


def check_size(folder: Path, brokers: int) -> None:
    """Make sure that a folder has the messages of so many brokers, or of none yet.

    Raises:
        OtherSizeError: It has those of another number.
    """
    found = SIZE if (folder / "broker-1").exists() else 1 if (folder / "data").exists() else None
    if found not in {None, brokers}:
        raise OtherSizeError(
            f"{folder} has the messages of {found} broker{'s' if found == SIZE else ''}. Start it "
            f"with --brokers {found}, or set PORTICO_HOME to another folder for {brokers}."
        )


def _cluster_id(folder: Path) -> str:
    """Return the cluster's id, made the first time."""
    file = folder / "cluster-id"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(new_cluster_id())
    return file.read_text()
