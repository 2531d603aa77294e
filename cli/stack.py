"""`portico up`, `down` and `status`: the whole stack in one folder."""

import time
from functools import partial
from typing import Annotated

import typer
from rich.table import Table

from cli import demo_data
from cli.terminal import AsJson, console, failures_explained, print_json, report
from devstack import stack
from devstack.paths import Home, default_home
from devstack.status import Status

Detach = Annotated[
    bool, typer.Option("--detach", "-d", help="Return when it is ready; `portico down` stops it.")
]


def up(detach: Detach = False) -> None:
    """Start Kafka, PostgreSQL, the mail inbox and all services; Ctrl-C stops them."""
    welcome = partial(_welcome, began=time.monotonic(), detached=detach)
    # A ValueError is about a port in the environment.
    with failures_explained(ValueError):
        if detach:
            found = stack.run_detached(default_home(), report)
            _report_replaced_ports()
            welcome(found)
        else:
            stack.run_foreground(default_home(), report, welcome)


def down() -> None:
    """Stop the stack, wherever it was started; what it knows stays for the next start."""
    with failures_explained():
        ran = stack.down(default_home())
    report("The stack is down." if ran else f"No stack runs in {default_home()}.")


def status(as_json: AsJson = False) -> None:
    """Show what runs and where; exit code 0 when everything is ready."""
    with failures_explained():
        found = stack.status(default_home())
    if as_json:
        print_json(found)
    else:
        _print_status(found)
    raise typer.Exit(0 if found["ready"] else 1)


def _welcome(found: Status, *, began: float, detached: bool) -> None:
    demo_data.import_once(default_home(), found, report)
    seconds = time.monotonic() - began
    console.print(_addresses(found))
    console.print("`portico down` stops it." if detached else "Ctrl-C stops it.")
    report(f"Ready after {seconds:.1f} s")


def _report_replaced_ports() -> None:
    """Tell what the process in the background wrote into its log alone."""
    for line in Home(default_home()).log("supervisor").read_text().splitlines():
        if " is taken; " in line:
            report(line)


def _print_status(found: Status) -> None:
    if not found["services"]:
        console.print(f"No stack runs in {default_home()}. Start one with `portico up`.")
        return
    services = Table("Service", "Process id", "Ready", box=None)
    for service in found["services"]:
        pid = str(service["pid"] or "none")
        services.add_row(service["name"], pid, "yes" if service["ready"] else "no")
    console.print(services)
    console.print(_addresses(found))


def _addresses(found: Status) -> Table:
    urls = found["urls"]
    table = Table("", "Address", "Sign in", box=None)
    table.add_row("EMR page", f"{urls['emr']}/", _staff_sign_in(found))
    table.add_row("Portal", f"{urls['portal']}/", "by the link in an invitation's mail")
    table.add_row("Inbox", f"{urls['inbox']}/", "")
    table.add_row("Ops console", f"{urls['ops']}/", _ops_sign_in(found))
    table.add_row("API docs", f"{urls['emr']}/docs", "token: `portico status --json`")
    table.add_row("Kafka", found["kafka"]["bootstrap_servers"] or "", "")
    return table


def _staff_sign_in(found: Status) -> str:
    credentials = found["credentials"]
    if credentials is None:
        return ""
    return f"{credentials['staff']['email']} / {credentials['staff']['password']}"


def _ops_sign_in(found: Status) -> str:
    credentials = found["credentials"]
    if credentials is None:
        return ""
    return f"{credentials['ops']['name']} / {credentials['ops']['password']}"
