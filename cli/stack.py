"""`portico restart`, `down` and `status`: a stack that runs already."""

from typing import Annotated

import typer
from rich.table import Table

from cli.addresses import addresses
from cli.terminal import AsJson, console, failures_explained, print_json, progress, report
from devstack import control
from devstack.paths import default_home
from devstack.status import Status
from devstack.status import status as status_of

Services = Annotated[
    list[str] | None,
    typer.Argument(help="Services, or single instances such as invitation_service-2; else all."),
]


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


def _print_status(found: Status) -> None:
    if not found["services"]:
        console.print(f"No stack runs in {default_home()}. Start one with `portico up`.")
        return
    services = Table("Service", "Process id", "Ready", box=None)
    for service in found["services"]:
        pid = str(service["pid"] or "none")
        services.add_row(service["name"], pid, "yes" if service["ready"] else "no")
    console.print(services)
    console.print(addresses(found))
