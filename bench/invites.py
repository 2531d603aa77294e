"""How fast invitations become mails: Portico with all its guarantees, beside the floor."""

import asyncio
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvloop

from bench import floor_run, prepare
from bench.load import Rate, offer
from bench.smtp_sink import Sink, listen
from contracts.topics import CHART_INVITES
from devstack.stack import Stack
from services.notification_service.kinds import Kind
from services.notification_service.mail import Brand, Filling, PreparedMail

_WARM_UP = 500
Report = Callable[[str], None]


def run(count: int, report: Report) -> dict[str, Any]:
    """Measure `count` invitations in a stack of its own; return rates, latencies and the ratio.

    Both are measured on the same Kafka and PostgreSQL, one after the other: the services are
    stopped while the floor runs.

    Raises:
        TimeoutError: some mails never came.
        RuntimeError: somebody got two mails.
    """
    with _sink() as sink, _folder() as folder:
        os.environ["PORTICO_SMTP_URL"] = f"smtp://127.0.0.1:{sink.port}"
        stack = Stack(folder, report)
        stack.start()
        try:
            ours = uvloop.run(_measure_portico(stack, sink, count, report))
            stack.stop_services()
            report(f"Floor: {count} invitations")
            floor = uvloop.run(
                floor_run.measure(stack.infrastructure, sink, count, _floor_message())
            )
        finally:
            stack.stop()
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


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="portico-") as name:
        Path(name).chmod(0o711)  # PostgreSQL may run as another user
        yield Path(name)


@contextmanager
def _sink() -> Iterator[Sink]:
    """Run the sink on a thread of its own, so that it outlives each measurement's event loop."""
    loop = uvloop.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    sink = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    try:
        yield sink
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
