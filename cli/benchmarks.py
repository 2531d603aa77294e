"""`portico bench`: measurements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
import uvloop
from rich.table import Table

from bench import console as console_bench
from bench import invites as invites_bench
from bench import search as search_bench
from cli.temporary_stack import temporary_stack
from cli.terminal import AsJson, console, failures_explained, print_json, progress, report

app = typer.Typer(help="Measure rates and latencies.", no_args_is_help=True)
Count = Annotated[int, typer.Option(min=1, help="How many invitations.")]
Charts = Annotated[int, typer.Option(min=100, help="How many charts.")]
Rounds = Annotated[int, typer.Option(min=10, help="How often each view is looked at.")]
Minutes = Annotated[
    float, typer.Option(min=0.1, help="How long 1,000 events a second flow at the end.")
]
ConsoleRounds = Annotated[int, typer.Option("--rounds", min=1, help="How many turns of each.")]
Explain = Annotated[bool, typer.Option("--explain", help="Print the plans of the queries, too.")]


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


@app.command()
def search(
    charts: Charts = 100_000, rounds: Rounds = 50, explain: Explain = False, as_json: AsJson = False
) -> None:
    """Measure how fast charts and people are found, beside a page of one row found by its key.

    Runs in temporary state of its own. Each chart has a patient and one or two contacts.
    """
    with failures_explained(), temporary_stack(report) as stack:
        measured = search_bench.run(stack, charts, rounds, _filling, with_plans=explain)
        result = uvloop.run(measured)
    if as_json:
        print_json(result)
        return
    console.print(_views_table(result))
    for name, plan in result["plans"].items():
        console.print(f"\n{name}\n{plan}", soft_wrap=True)


@app.command("console")
def ops_console(
    count: Count = 5000, rounds: ConsoleRounds = 3, minutes: Minutes = 2.0, as_json: AsJson = False
) -> None:
    """Measure what the ops console costs: rates with it open and paused, CPU and memory.

    Runs in temporary state of its own. First invitations as fast as they go, by turns with two
    people looking at the console and with the console paused; then a steady flow.
    """
    plan = console_bench.Plan(rounds, count, minutes, people=20_000 if minutes > 1 else 2000)
    with failures_explained():
        result = console_bench.run(plan, report)
    if as_json:
        print_json(result)
    else:
        console.print(_console_table(result))


def _console_table(result: dict[str, Any]) -> Table:
    steady = result["steady"]
    table = Table("", "", box=None)
    table.add_row("invites_per_s, console paused", f"{result['paused_invites_per_s']:,.0f}")
    table.add_row("invites_per_s, console open", f"{result['open_invites_per_s']:,.0f}")
    table.add_row("open_to_paused", f"{result['open_to_paused']:.3f}")
    table.add_row("steady: offered_per_s", f"{steady['offered_per_s']:,.0f}")
    table.add_row("steady: mailed_per_s", f"{steady['mailed_per_s']:,.0f}")
    table.add_row("steady: ms_p50, ms_p99", f"{steady['ms_p50']:.0f}, {steady['ms_p99']:.0f}")
    table.add_row("steady: missing", str(steady["missing"]))
    table.add_row("console_cpu_share", f"{result['console_cpu_share']:.3f}")
    table.add_row("console_peak_mib", f"{result['console_peak_mib']:.1f}")
    return table


@contextmanager
def _filling(charts: int) -> Iterator[Callable[[int], None]]:
    with progress() as bar:
        task = bar.add_task("Making charts", total=charts)
        yield lambda more: bar.advance(task, more)


def _views_table(result: dict[str, Any]) -> Table:
    table = Table(f"{result['charts']:,} charts", "ms p50", "ms p95", "to floor", box=None)
    for view in ({"ratio_to_floor": 1.0} | result["floor"], *result["views"]):
        numbers = (f"{view[name]:.1f}" for name in ("ms_p50", "ms_p95", "ratio_to_floor"))
        table.add_row(view["name"], *numbers)
    return table


def _table(result: dict[str, Any]) -> Table:
    floor = result["floor"]
    table = Table("", "Portico", "Floor", box=None)
    for name in ("invites_per_s", "ms_p50", "ms_p99"):
        table.add_row(name, f"{result[name]:,.1f}", f"{floor[name]:,.1f}")
    table.add_row("ratio_to_floor", f"{result['ratio_to_floor']:.3f}", "1")
    return table
