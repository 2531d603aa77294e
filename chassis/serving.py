"""The web server of a service, from its start until it is told to stop."""

import asyncio
import gc
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import uvicorn
from fastapi import FastAPI

from chassis import spans, telemetry
from chassis.settings import ServerSettings

# From here on, for what a service imports now takes a fifth longer with a collection now and then.
gc.set_threshold(20_000, 20, 20)

_STARTUP_FAILED = 3
"""What uvicorn exits with when an app does not start."""


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


def serve(name: str, app: FastAPI, settings: ServerSettings) -> None:
    """Serve until SIGTERM or SIGINT."""
    # A disabled SDK would name every trace by zeros.
    endpoint = "" if spans.are_disabled() else settings.otlp_endpoint
    telemetry.configure_logs(name, settings.log_level, spans=bool(endpoint))
    when_stopped = _export_spans(name, endpoint) if endpoint else []
    _collect_what_is_new_alone()
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


def _collect_what_is_new_alone() -> None:
    """Leave what was imported out of every collection, which took a quarter of a busy service."""
    gc.collect()
    gc.freeze()
