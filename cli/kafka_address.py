"""Where Kafka is, for the commands that speak with it."""

from typing import Annotated

import typer

from cli.errors import CommandError
from devstack.paths import Home, default_home
from devstack.state import running_stack

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
    running = running_stack(Home(default_home()))
    if running is None:
        raise CommandError(
            f"No stack runs in {default_home()}. Start one with `portico up`, or say in "
            "PORTICO_KAFKA_BOOTSTRAP_SERVERS where Kafka is."
        )
    return running.kafka
