"""Carrying out a decision about dead letters: who decides, the question before, and the way."""

import asyncio
import getpass
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import typer
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

from chassis.broker import Broker
from cli.dead_letter_views import count_of
from cli.errors import CommandError
from cli.kafka_address import servers_of_the_stack
from cli.terminal import progress
from contracts.ops import OpsAction
from services.ops_console import audit, replaying, resolving
from services.ops_console.letters import Letter
from services.ops_console.resolving import Decision

_DOING = {OpsAction.REPLAYED: "Replaying", OpsAction.DISCARDED: "Discarding"}
_Work = Callable[[Broker, Sequence[Letter], Decision, Callable[[int], None]], Awaitable[None]]


def kafka_servers() -> str:
    """Return the address of Kafka: that of the environment, or the running stack's.

    Raises:
        CommandError: There is none.
    """
    return os.environ.get("PORTICO_KAFKA_BOOTSTRAP_SERVERS") or servers_of_the_stack()


def actor() -> str:
    """Return who gave the command, as it is written down: `cli:` and the login name."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container's user may have no name
        return f"cli:uid-{os.getuid()}"


def require_agreement(what: str, letters: Sequence[Letter], *, yes: bool) -> None:
    """Ask before something is done; nobody is asked without a terminal, or when nothing is done.

    Raises:
        CommandError: The answer is no.
    """
    if yes or not letters or not sys.stdin.isatty():
        return
    if not typer.confirm(f"{what} {count_of(letters)}?", err=True):
        raise CommandError("Nothing was done.")


def replay(servers: str, letters: Sequence[Letter], why: str) -> None:
    """Replay these dead letters, once that is in the audit log; with a progress bar on a terminal.

    Raises:
        CommandError: Kafka went away; what was done before stays done.
        DeadLetterError: The reason is too long.
    """
    _decide(servers, OpsAction.REPLAYED, replaying.replay, letters, Decision(actor(), why))


def discard(servers: str, letters: Sequence[Letter], why: str) -> None:
    """Give these dead letters up, once that is in the audit log; with a progress bar, too.

    Raises:
        CommandError: Kafka went away; what was done before stays done.
        DeadLetterError: The reason will not do.
    """
    decision = Decision(actor(), why)
    resolving.require_why(decision)
    _decide(servers, OpsAction.DISCARDED, resolving.discard, letters, decision)


@contextmanager
def kafka_explained(servers: str) -> Iterator[None]:
    """Say what to do when Kafka is away, or has not our topics.

    Raises:
        CommandError: It is, or has not.
    """
    try:
        yield
    except UnknownTopicOrPartitionError as error:
        missing = ", ".join(map(str, error.args))
        raise CommandError(
            f"Kafka at {servers} has no {missing}. `portico migrate` makes the topics."
        ) from error
    except (OSError, KafkaError) as error:
        raise CommandError(
            f"Kafka at {servers} does not answer as it should ({type(error).__name__}). Give the "
            "command again when it is back: what was done stays done."
        ) from error


def _decide(
    servers: str, action: OpsAction, work: _Work, letters: Sequence[Letter], decision: Decision
) -> None:
    async def write_down_and_do(advance: Callable[[int], None]) -> None:
        broker = Broker(servers)
        try:
            await audit.write_decision(broker, action, letters, decision)
            await work(broker, letters, decision, advance)
        finally:
            await broker.close()

    with kafka_explained(servers), progress() as bar:
        task = bar.add_task(_DOING[action], total=len(letters))
        asyncio.run(write_down_and_do(partial(bar.advance, task)))
