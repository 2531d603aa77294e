"""Brings databases and Kafka to what the services expect: migrations of all four, and topics.

For installations where nothing else does it (Docker, Kubernetes); the embedded default has its own
way. Runs as `portico migrate` or `python -m cli.migrate`, as often as one likes.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chassis import migrations, topics
from devstack.services import SERVICES

KAFKA_VARIABLE = "PORTICO_KAFKA_BOOTSTRAP_SERVERS"
REPLICATION_VARIABLE = "PORTICO_KAFKA_REPLICATION"

DATABASE_VARIABLES = {
    service.name: f"PORTICO_{service.database.upper()}_DATABASE_URL" for service in SERVICES
}
"""Where each service's database is, for instance PORTICO_CHART_DATABASE_URL."""


@dataclass(frozen=True)
class Targets:
    """What is to be prepared.

    Args:
        databases: The database URL of each service, by its name.
        kafka: `host:port`, several separated by commas.
        replication: How many brokers keep each topic.
    """

    databases: Mapping[str, str]
    kafka: str
    replication: int = 1


def targets_in(environment: Mapping[str, str]) -> Targets:
    """Read from environment variables what is to be prepared.

    Raises:
        ValueError: Some are missing, or the replication is no whole number above 0.
    """
    wanted = [*DATABASE_VARIABLES.values(), KAFKA_VARIABLE]
    missing = [name for name in wanted if not environment.get(name)]
    if missing:
        raise ValueError(f"Set {', '.join(missing)} (docs/deploy.md).")
    replication = environment.get(REPLICATION_VARIABLE) or "1"
    if not replication.isdecimal() or int(replication) == 0:
        raise ValueError(f"{REPLICATION_VARIABLE} is {replication!r}; give the number of brokers.")
    databases = {name: environment[variable] for name, variable in DATABASE_VARIABLES.items()}
    return Targets(databases, environment[KAFKA_VARIABLE], int(replication))


def migrate(targets: Targets, report: Callable[[str], None] = print) -> None:
    """Migrate each database to the newest revision and create the topics that are not there yet.

    Not to be called from an event loop.

    Raises:
        SQLAlchemyError: A database is away, or its migration failed and was rolled back.
        OSError: A database cannot be reached.
        KafkaError: Kafka is away or refused a topic.
    """
    for name, url in targets.databases.items():
        migrations.upgrade(name, url)
        report(f"{name}: at revision {migrations.head_of(name)}")
    asyncio.run(topics.create_missing(targets.kafka, targets.replication))
    report("topics: all there")


def main() -> int:
    """Prepare what the environment names; return the exit code."""
    try:
        targets = targets_in(os.environ)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    migrate(targets)
    return 0


if __name__ == "__main__":
    sys.exit(main())
