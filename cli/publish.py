"""`portico publish`: invitations from a file to Kafka, as an EMR would publish them."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Annotated

import typer
from rich.progress import Progress

from cli.event_lines import Invalid, check
from cli.kafka_address import BootstrapServers, servers_of_the_stack
from cli.sending import Message, send
from cli.terminal import AsJson, failures_explained, print_json, progress, report

_SEPARATOR = b"\t"  # no key holds one

File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE.jsonl", exists=True, dir_okay=False, help="One CloudEvent in JSON a line."
    ),
]
SkipInvalid = Annotated[
    bool, typer.Option("--skip-invalid", help="Send the valid events although others are not.")
]


def publish(
    file: File,
    skip_invalid: SkipInvalid = False,
    bootstrap_servers: BootstrapServers = "",
    as_json: AsJson = False,
) -> None:
    """Publish InviteRequested and RevokeRequested events, after checking all of them.

    Each bad line is named with its reason; nothing is sent unless all lines are valid.
    Sending a file again is harmless: an event whose id is known is ignored.
    """
    with failures_explained():
        servers = bootstrap_servers or servers_of_the_stack()
        published, invalid = _publish(file, servers, skip_invalid)
    if as_json:
        print_json({"published": published, "invalid": [bad._asdict() for bad in invalid]})
    else:
        print(f"Published {published:,} events.")
    if invalid and not skip_invalid:
        report(f"Error: {len(invalid):,} lines are not valid, so nothing was sent.")
        raise typer.Exit(1)


def _publish(file: Path, servers: str, skip_invalid: bool) -> tuple[int, list[Invalid]]:
    # What was checked is what is sent, even from a pipe or a file that somebody writes to.
    with file.open("rb") as lines, TemporaryFile() as checked, progress() as bar:
        valid, invalid = _check_all(lines, checked, bar)
        if invalid and not skip_invalid:
            return 0, invalid
        task = bar.add_task("Publishing", total=valid)
        asyncio.run(send(servers, _messages(checked), lambda count: bar.advance(task, count)))
    return valid, invalid


def _check_all(lines: IO[bytes], checked: IO[bytes], bar: Progress) -> tuple[int, list[Invalid]]:
    """Copy the valid lines with their keys; return their number, and the lines that are not."""
    valid = 0
    invalid: list[Invalid] = []
    task = bar.add_task("Checking", total=None)
    for number, line in bar.track(enumerate(lines, 1), task_id=task):
        found = check(number, line)
        if isinstance(found, Invalid):
            report(f"line {found.line}: {found.reason}")
            invalid.append(found)
        elif found is not None:
            checked.write(found.encode() + _SEPARATOR + line.strip() + b"\n")
            valid += 1
    bar.update(task, total=valid + len(invalid), completed=valid + len(invalid))
    return valid, invalid


def _messages(checked: IO[bytes]) -> Iterator[Message]:
    checked.seek(0)
    for line in checked:
        key, _, value = line.rstrip(b"\n").partition(_SEPARATOR)
        yield key, value
