"""Kafka and PostgreSQL together, without the services: what tests and benchmarks stand on."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from devstack import kafka_classes
from devstack.kafka import Kafka
from devstack.kafka_cluster import SIZE, KafkaCluster, check_size
from devstack.paths import Home, cache_folder
from devstack.postgres import Postgres
from devstack.process import Report, silent

DATABASES = ("chart", "invitation", "notification", "portal")


class Infrastructure:
    """One Kafka and one PostgreSQL in one folder; a context manager that starts and stops both.

    Each can be stopped, killed and started by itself: infrastructure.kafka.kill().

    Args:
        folder: Their state, logs included.
        kafka_port: Another one is taken when it is 0 or taken.
        brokers: 1 or 3.
        databases: Made when missing.
        restart: Start a crashed one again.
        report: Takes one line whenever one ended by itself.
    """

    def __init__(
        self,
        folder: Path,
        *,
        kafka_port: int = 0,
        brokers: int = 1,
        databases: Sequence[str] = DATABASES,
        restart: bool = False,
        report: Report = silent,
    ) -> None:
        home = Home(folder.absolute())
        self.databases = databases
        check_size(home.kafka, brokers)
        kafka = KafkaCluster if brokers == SIZE else Kafka
        self.kafka: Kafka | KafkaCluster = kafka(
            home.kafka,
            home.log("kafka"),
            cache_folder(),
            port=kafka_port,
            restart=restart,
            report=report,
        )
        self.postgres = Postgres(
            home.postgres, home.log("postgres"), restart=restart, report=report
        )

    def start(self) -> None:
        """Start both at the same time and return when both can be used.

        Raises:
            JarError: Kafka could not be downloaded as locked.
            NotReadyError: One of them did not start; nothing is left running.
        """
        kafka_classes.keep(cache_folder())
        try:
            with ThreadPoolExecutor(2) as pool:
                for started in [pool.submit(self.kafka.start), pool.submit(self._start_postgres)]:
                    started.result()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop both in order."""
        with ThreadPoolExecutor(2) as pool:
            for stopped in [pool.submit(self.kafka.stop), pool.submit(self.postgres.stop)]:
                stopped.result()

    def _start_postgres(self) -> None:
        self.postgres.start()
        self.postgres.create_missing(self.databases)

    def __enter__(self) -> Self:
        """Start both."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop both."""
        self.stop()
