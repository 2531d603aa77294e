"""What the commands print: results to standard output, everything about them to standard error."""

import json
import re
import sys
import textwrap
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

_WITHIN_A_TIME = re.compile(r"(?<=\d{4}-\d\d-\d\d) (?=\d\d:\d\d)")

# What the stack and Kafka say of their failures are RuntimeErrors.
_FORESEEN: tuple[type[Exception], ...] = (CommandError, RuntimeError, OSError, httpx.TransportError)


def report(line: str) -> None:
    """Tell people what goes on."""
    print(line, file=sys.stderr, flush=True)


def print_json(value: object) -> None:
    """Print a result for programs."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def print_folded(line: str, indent: int) -> None:
    """Print a line, which on a terminal goes on below, indented, where it is too long.

    It never folds within a time. In a pipe it stays one line: what is looked for is found in it.
    """
    if console.is_terminal:
        line = textwrap.fill(
            _WITHIN_A_TIME.sub("\N{NO-BREAK SPACE}", line),
            console.width,
            subsequent_indent=" " * min(indent, console.width // 2),
            break_on_hyphens=False,
        ).replace("\N{NO-BREAK SPACE}", " ")
    console.print(line, soft_wrap=True)


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
