"""A service of the tests on a real port."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from chassis.serving import Server


def listen() -> socket.socket:
    """Take a free port; connections wait in it for the server."""
    return socket.create_server(("127.0.0.1", 0))


def address_of(listening: socket.socket) -> str:
    """Return the address of what will be served there."""
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


_GRACE_SECONDS = 5
"""As in production: a connection that somebody keeps open holds nobody up for longer."""


@asynccontextmanager
async def serving(
    app: FastAPI, port: socket.socket | None = None, **options: Any
) -> AsyncIterator[str]:
    """Serve an app, with all that it does in the background; yield its address."""
    listening = port or listen()
    app.state.stopping = asyncio.Event()  # a new one each time the same app is served
    server = Server(app, timeout_graceful_shutdown=_GRACE_SECONDS, **options)
    running = asyncio.create_task(server.serve([listening]))
    yield address_of(listening)
    server.should_exit = True
    await running
