"""A service of the tests on a real port."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """Serve an app, with all that it does in the background; yield its address."""
    listening = socket.create_server(("127.0.0.1", 0))  # connections wait in it for the server
    server = uvicorn.Server(uvicorn.Config(app, log_config=None))
    running = asyncio.create_task(server.serve([listening]))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await running
