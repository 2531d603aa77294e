"""`portico bench`: measurements."""

from typing import Annotated, Any

import typer
from rich.table import Table

from bench import invites as invites_bench
from cli.terminal import AsJson, console, failures_explained, print_json, report

app = typer.Typer(help="Measure rates and latencies.", no_args_is_help=True)
Count = Annotated[int, typer.Option(min=1, help="How many invitations.")]


@app.callback()
def bench() -> None:
    """Measure rates and latencies."""


@app.command()
def invites(count: Count = 20_000, as_json: AsJson = False) -> None:
    """Measure how fast requests become mails, beside the least that this work can cost.

    Runs in temporary state of its own, with a mail server of its own. The floor is measured in
    the same run, on the same Kafka and PostgreSQL.
    """
    with failures_explained():
        result = invites_bench.run(count, report)
    if as_json:
        print_json(result)
    else:
        console.print(_table(result))


def _table(result: dict[str, Any]) -> Table:
    floor = result["floor"]
    table = Table("", "Portico", "Floor", box=None)
    for name in ("invites_per_s", "ms_p50", "ms_p99"):
        table.add_row(name, f"{result[name]:,.1f}", f"{floor[name]:,.1f}")
    table.add_row("ratio_to_floor", f"{result['ratio_to_floor']:.3f}", "1")
    return table
