"""`portico up`: the whole stack in one folder."""

import time
from functools import partial
from typing import Annotated

import typer

from cli import demo_data
from cli.addresses import addresses
from cli.terminal import console, failures_explained, report
from devstack.paths import Home, default_home
from devstack.running import run_detached, run_foreground
from devstack.size import BROKERS_VARIABLE, SCALE_VARIABLE, Size, scale_of, size_in
from devstack.status import Status

Detach = Annotated[
    bool, typer.Option("--detach", "-d", help="Return when it is ready; `portico down` stops it.")
]
Brokers = Annotated[
    int | None,
    typer.Option(help=f"Brokers of Kafka, 1 or 3; 1 unless {BROKERS_VARIABLE} says otherwise."),
]
Scale = Annotated[
    list[str] | None,
    typer.Option(
        metavar="SERVICE=N",
        help=f"Instances of a service, as in invitation_service=2; repeat it, or set "
        f"{SCALE_VARIABLE}.",
    ),
]


def up(detach: Detach = False, brokers: Brokers = None, scale: Scale = None) -> None:
    """Start Kafka, PostgreSQL, the mail inbox and all services; Ctrl-C stops them."""
    welcome = partial(_welcome, began=time.monotonic(), detached=detach)
    # A ValueError is about a port in the environment, or about the size.
    with failures_explained(ValueError):
        size = _size(brokers, scale)
        if detach:
            found = run_detached(default_home(), size, report)
            _report_replaced_ports()
            welcome(found)
        else:
            run_foreground(default_home(), report, welcome, size)


def _size(brokers: int | None, scale: list[str] | None) -> Size:
    named = size_in()
    return Size(
        brokers=named.brokers if brokers is None else brokers,
        scale=named.scale if scale is None else scale_of(scale),
    )


def _welcome(found: Status, *, began: float, detached: bool) -> None:
    demo_data.import_once(default_home(), found, report)
    seconds = time.monotonic() - began
    console.print(addresses(found))
    console.print("`portico down` stops it." if detached else "Ctrl-C stops it.")
    report(f"Ready after {seconds:.1f} s")


def _report_replaced_ports() -> None:
    """Tell what the process in the background wrote into its log alone."""
    for line in Home(default_home()).log("supervisor").read_text().splitlines():
        if " is taken; " in line:
            report(line)
