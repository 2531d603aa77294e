"""What the ops console costs: the pipeline's rate with it open and without it, and its memory."""

import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import uvloop

from bench import prepare
from bench.console_visitor import looking
from bench.load import offer
from bench.own_stack import Report, stack_with_sink
from bench.smtp_sink import Sink
from bench.steady import flow
from contracts.topics import CHART_INVITES
from devstack.stack import Stack
from devstack.status import Status, status

EVENTS_PER_S = 1000
_EVENTS_PER_INVITE = 3
_WARM_UP = 500
_VISITORS = 2
_PAGES = ("/plots", "/events", "/dead-letters", "/audit")
_CONSOLE = "ops_console"


@dataclass(frozen=True)
class Plan:
    """How much is measured: rounds of so many invitations, then a steady flow of some minutes."""

    rounds: int
    count: int
    minutes: float
    people: int
    """The steady flow goes to so many people, again and again."""


def run(plan: Plan, report: Report) -> dict[str, Any]:
    """Return rates with the console open and paused, their ratio, and what a steady flow shows.

    Raises:
        TimeoutError: Mails never came.
    """
    with stack_with_sink(report) as (stack, sink):
        return uvloop.run(_measure(stack, sink, plan, report))


async def _measure(stack: Stack, sink: Sink, plan: Plan, report: Report) -> dict[str, Any]:
    now = status(stack.home.folder)
    servers = stack.infrastructure.kafka.bootstrap_servers
    # Each is first in every other round: what comes later finds fuller tables.
    orders = (("paused", "open"), ("open", "paused"))
    runs = [f"{kind}-{number}" for number in range(plan.rounds) for kind in orders[number % 2]]
    report("Preparing charts")
    counts = {"warm": _WARM_UP, **dict.fromkeys(runs, plan.count), "steady": plan.people}
    warm, *measured, _ = await prepare.requests(stack, counts)
    await offer(servers, CHART_INVITES.name, "warm", warm, sink)
    rates: dict[str, list[float]] = {"paused": [], "open": []}
    for name, messages in zip(runs, measured, strict=True):
        report(f"{plan.count} invitations, as fast as they go: {name}")
        kind = name.partition("-")[0]
        async with looking(now, _VISITORS, _PAGES) if kind == "open" else _paused(_pid(now)):
            offered = await offer(servers, CHART_INVITES.name, name, messages, sink)
        rates[kind].append(offered.invites_per_s)
    report(f"{EVENTS_PER_S} events a second for {plan.minutes:g} minutes, with the console open")
    return _compared(rates) | await _steady(now, servers, sink, plan)


def _compared(rates: dict[str, list[float]]) -> dict[str, Any]:
    is_open, paused = median(rates["open"]), median(rates["paused"])
    return {
        "open_invites_per_s": is_open,
        "paused_invites_per_s": paused,
        "open_to_paused": round(is_open / paused, 3),
    }


async def _steady(now: Status, servers: str, sink: Sink, plan: Plan) -> dict[str, Any]:
    per_second = EVENTS_PER_S / _EVENTS_PER_INVITE
    begun, cpu_before = time.monotonic(), _cpu_seconds(now)
    async with looking(now, _VISITORS, _PAGES):
        kept = await flow(servers, "steady", plan.people, per_second, plan.minutes * 60, sink)
    lasted = time.monotonic() - begun
    return {
        "steady": asdict(kept),
        "console_cpu_share": round((_cpu_seconds(now) - cpu_before) / lasted, 3),
        "console_peak_mib": _peak_mib(now),
    }


def _pid(now: Status) -> int:
    (found,) = [each["pid"] for each in now["services"] if each["name"] == _CONSOLE]
    assert found is not None
    return found


@asynccontextmanager
async def _paused(pid: int) -> AsyncIterator[None]:
    """Let a process do nothing at all meanwhile."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _peak_mib(now: Status) -> float:
    """Return the most memory that the console ever had (VmHWM in proc_pid_status(5))."""
    lines = Path(f"/proc/{_pid(now)}/status").read_text().splitlines()
    (kib,) = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return round(int(kib) / 1024, 1)


def _cpu_seconds(now: Status) -> float:
    """Return how long the console computed so far (utime and stime in proc_pid_stat(5))."""
    fields = Path(f"/proc/{_pid(now)}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
