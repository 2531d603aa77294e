"""Where Kafka is, for the commands that speak with it."""

from typing import Annotated

import typer

from cli.errors import CommandError
from devstack.paths import default_home
from devstack.status import status

BootstrapServers = Annotated[
    str,
    typer.Option(
        envvar="PORTICO_KAFKA_BOOTSTRAP_SERVERS",
        help="Kafka's host:port; without it that of the running stack.",
        show_default=False,
    ),
]


def servers_of_the_stack() -> str:
    """Return the address of the running stack's Kafka.

    Raises:
        CommandError: None runs.
    """
    servers = status(default_home())["kafka"]["bootstrap_servers"]
    if servers is None:
        raise CommandError(
            f"No stack runs in {default_home()}. Start one with `portico up`, or say in "
            "PORTICO_KAFKA_BOOTSTRAP_SERVERS where Kafka is."
        )
    return servers
