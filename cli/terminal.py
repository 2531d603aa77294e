"""What the commands print: results to standard output, everything about them to standard error."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.errors import CommandError

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]

# What is printed may hold brackets; none of it is markup.
console = Console(highlight=False, markup=False)

# What the stack and Kafka say of their failures are RuntimeErrors.
_FORESEEN: tuple[type[Exception], ...] = (CommandError, RuntimeError, OSError, httpx.TransportError)


def report(line: str) -> None:
    """Tell people what goes on."""
    print(line, file=sys.stderr, flush=True)


def print_json(value: object) -> None:
    """Print a result for programs."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def progress() -> Progress:
    """Return a progress bar on standard error; it shows on a terminal only."""
    to = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=to,
        disable=not to.is_terminal,
    )


@contextmanager
def failures_explained(*more: type[Exception]) -> Iterator[None]:
    """End with exit code 1 and a sentence, where a failure was foreseen."""
    try:
        yield
    except _FORESEEN + more as error:
        report(f"Error: {error or type(error).__name__}")
        raise typer.Exit(1) from error
