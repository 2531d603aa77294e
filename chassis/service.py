"""Running a service: its chassis parts, wired, and a web server around them."""

import asyncio
import gc
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import uvicorn
from fastapi import FastAPI

from chassis import migrations, telemetry
from chassis.broker import Broker
from chassis.consumer import Consumer, Handler
from chassis.database import Database
from chassis.readings import Reading, lag_of, outbox_of
from chassis.relay import Relay
from chassis.settings import ServiceSettings
from chassis.web.app import Task
from chassis.web.health import Check
from contracts.envelope import CloudEvent

_STARTUP_FAILED = 3
"""What uvicorn exits with when an app does not start."""


@dataclass
class Parts:
    """What each service has: a database, a way to Kafka, a consumer and a relay."""

    name: str
    database: Database
    broker: Broker
    consumer: Consumer
    relay: Relay

    def tasks(self) -> dict[str, Task]:
        """Return what runs for as long as the service does."""
        return {"consumer": self.consumer.run, "relay": self.relay.run}

    def checks(self) -> dict[str, Check]:
        """Return what must hold before the service is ready."""
        head = migrations.head_of(self.name)

        async def database() -> str | None:
            return await self.database.problem(head)

        async def kafka() -> str | None:
            return None if await self.broker.reachable() else "no broker answers"

        return {"database": database, "kafka": kafka, "consumer": self.consumer.progress.problem}

    def readings(self) -> list[Reading]:
        """Return what is looked up whenever somebody asks for metrics."""
        return [outbox_of(self.database), lag_of(self.consumer.progress)]

    def closers(self) -> list[Callable[[], Awaitable[None]]]:
        """Return what is closed at the end, in order."""
        return [self.broker.close, self.database.close]


def assemble(
    name: str, settings: ServiceSettings, handlers: dict[type[CloudEvent], Handler]
) -> Parts:
    """Make a service's parts from its settings and its handlers by event."""
    database = Database(settings.database_url)
    broker = Broker(settings.kafka_bootstrap_servers)
    consumer = Consumer(name, database, broker, handlers, settings)
    relay = Relay(database, broker, settings.outbox_batch_size, settings.outbox_poll_seconds)
    return Parts(name, database, broker, consumer, relay)


def every(seconds: float, work: Callable[[], Awaitable[object]]) -> Task:
    """Return a task that does the work, waits, and does it again."""

    async def run() -> None:
        while True:
            await work()
            await asyncio.sleep(seconds)

    return run


class Server(uvicorn.Server):
    """A web server that tells its app when it stops, so that open streams end at once."""

    def __init__(
        self, app: FastAPI, when_stopped: Sequence[Callable[[], None]] = (), **options: Any
    ) -> None:
        super().__init__(uvicorn.Config(app, log_config=None, access_log=False, **options))
        self._when_stopped = when_stopped
        self._stopping: asyncio.Event = app.state.stopping

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop taking connections, and end those that are open."""
        self._stopping.set()
        await super().shutdown(sockets)
        # Not after run(), which ends the process by the signal that it was stopped by.
        for call in self._when_stopped:
            call()


class ListenSettings(Protocol):
    """Where a service listens, how much it logs, and where its spans go."""

    host: str
    port: int
    log_level: str
    otlp_endpoint: str


def serve(name: str, app: FastAPI, settings: ListenSettings) -> None:
    """Serve until SIGTERM or SIGINT."""
    telemetry.configure_logs(name, settings.log_level, spans=bool(settings.otlp_endpoint))
    when_stopped = _export_spans(name, settings.otlp_endpoint) if settings.otlp_endpoint else []
    _collect_garbage_seldom()
    server = Server(
        app,
        when_stopped,
        host=settings.host,
        port=settings.port,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(_STARTUP_FAILED)


def _export_spans(name: str, endpoint: str) -> list[Callable[[], None]]:
    """Export spans from now on, by an SDK that nothing else imports; return what ends that."""
    from chassis.span_export import Export  # noqa: PLC0415

    return [Export(name, endpoint).close]


def _collect_garbage_seldom() -> None:
    """Leave what was imported out of every collection, which took a quarter of a busy service."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
