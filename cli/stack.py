"""`portico up`, `restart`, `down` and `status`: the whole stack in one folder."""

import time
from functools import partial
from typing import Annotated

import typer
from rich.table import Column, Table

from cli import demo_data
from cli.terminal import AsJson, console, failures_explained, print_json, progress, report
from devstack import control
from devstack.paths import Home, default_home
from devstack.size import BROKERS_VARIABLE, SCALE_VARIABLE, Size, scale_of, size_in
from devstack.status import Status
from devstack.status import status as status_of

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
Services = Annotated[
    list[str] | None,
    typer.Argument(help="Services, or single instances such as invitation_service-2; else all."),
]


def up(detach: Detach = False, brokers: Brokers = None, scale: Scale = None) -> None:
    """Start Kafka, PostgreSQL, the mail inbox and all services; Ctrl-C stops them."""
    welcome = partial(_welcome, began=time.monotonic(), detached=detach)
    # A ValueError is about a port in the environment, or about the size.
    with failures_explained(ValueError):
        size = _size(brokers, scale)
        if detach:
            found = control.run_detached(default_home(), size, report)
            _report_replaced_ports()
            welcome(found)
        else:
            control.run_foreground(default_home(), report, welcome, size)


def _size(brokers: int | None, scale: list[str] | None) -> Size:
    named = size_in()
    return Size(
        brokers=named.brokers if brokers is None else brokers,
        scale=named.scale if scale is None else scale_of(scale),
    )


def restart(services: Services = None, as_json: AsJson = False) -> None:
    """Restart services one instance after another, each once the one before is ready again."""
    with failures_explained(), progress() as bar:
        home, wanted = default_home(), services or []
        task = bar.add_task("Restarting", total=len(control.instances_of(home, wanted)))
        names = control.restart(home, wanted, lambda _name: bar.advance(task))
    if as_json:
        print_json({"restarted": names})
    else:
        console.print(f"Restarted: {', '.join(names)}")


def down() -> None:
    """Stop the stack, wherever it was started; what it knows stays for the next start."""
    with failures_explained():
        ran = control.down(default_home())
    report("The stack is down." if ran else f"No stack runs in {default_home()}.")


def status(as_json: AsJson = False) -> None:
    """Show what runs and where; exit code 0 when everything is ready."""
    with failures_explained():
        found = status_of(default_home())
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
    table = Table("", Column("Address", overflow="fold"), "Sign in", box=None)
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
