"""How fast invitations become mails: Portico with all its guarantees, beside the floor."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import uvloop

from bench import floor_run, prepare
from bench.load import Rate, offer
from bench.own_stack import Report, stack_with_sink
from bench.smtp_sink import Sink
from contracts.topics import CHART_INVITES
from devstack.stack import Stack
from services.notification_service.kinds import Kind
from services.notification_service.mail import Brand, Filling, PreparedMail

_WARM_UP = 500


def run(count: int, report: Report) -> dict[str, Any]:
    """Measure `count` invitations in a stack of its own; return rates, latencies and the ratio.

    Both are measured on the same Kafka and PostgreSQL, one after the other: the services are
    stopped while the floor runs.

    Raises:
        TimeoutError: some mails never came.
        RuntimeError: somebody got two mails.
    """
    with stack_with_sink(report) as (stack, sink):
        ours = uvloop.run(_measure_portico(stack, sink, count, report))
        stack.stop_services()
        report(f"Floor: {count} invitations")
        floor = uvloop.run(floor_run.measure(stack.infrastructure, sink, count, _floor_message()))
    return _result(count, ours, floor)


async def _measure_portico(stack: Stack, sink: Sink, count: int, report: Report) -> Rate:
    report(f"Preparing {count + _WARM_UP} charts")
    servers = stack.infrastructure.kafka.bootstrap_servers
    warm, real = await prepare.requests(stack, {"warm": _WARM_UP, "ours": count})
    await offer(servers, CHART_INVITES.name, "warm", warm, sink)
    report(f"Portico: {count} invitations")
    return await offer(servers, CHART_INVITES.name, "ours", real, sink)


def _floor_message() -> str:
    """Return the same mail as Portico sends for the bench's organisation."""
    brand = Brand(prepare.NAME, prepare.PHONE, None, None)
    now = datetime.now(UTC)
    link = "http://127.0.0.1:8104/accept#@@TOKEN@@"
    filling = Filling("@@TO@@", "<floor@bench.test>", "Ana", link, now)
    mail = PreparedMail(brand, Kind.INVITATION, "no-reply@portico.example").fill(filling, now)
    return mail.replace(b"=40=40", b"@@").decode()


def _result(count: int, ours: Rate, floor: Rate) -> dict[str, Any]:
    return {
        "count": count,
        **asdict(ours),
        "floor": asdict(floor),
        "ratio_to_floor": round(ours.invites_per_s / floor.invites_per_s, 3),
    }
