"""Kafka and PostgreSQL for the tests: containers where Docker answers, else the embedded ones."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import docker
from docker.errors import DockerException
from testcontainers.community.kafka import KafkaContainer
from testcontainers.community.postgres import PostgresContainer

from devstack.infrastructure import DATABASES, Infrastructure
from devstack.paths import temporary_folder


@dataclass(frozen=True)
class Servers:
    """Where Kafka and the databases are."""

    kafka: str
    database_url: Callable[[str], str]


@contextmanager
def start_servers() -> Iterator[Servers]:
    """Start both and stop them at the end."""
    with _containers() if _docker_answers() else _embedded() as servers:
        yield servers


def _docker_answers() -> bool:
    try:
        return bool(docker.from_env(timeout=2).ping())
    except DockerException:
        return False


@contextmanager
def _embedded() -> Iterator[Servers]:
    with temporary_folder() as folder, Infrastructure(folder) as infrastructure:
        yield Servers(infrastructure.kafka.bootstrap_servers, infrastructure.postgres.url)


@contextmanager
def _containers() -> Iterator[Servers]:
    with ExitStack() as stack:
        kafka = stack.enter_context(KafkaContainer("apache/kafka:4.3.1").with_kraft())
        postgres = stack.enter_context(PostgresContainer("postgres:18", driver="asyncpg"))
        for name in DATABASES:
            postgres.exec(["createdb", "-U", postgres.username, name])
        base = postgres.get_connection_url().rpartition("/")[0]
        yield Servers(kafka.get_bootstrap_server(), lambda name: f"{base}/{name}")
