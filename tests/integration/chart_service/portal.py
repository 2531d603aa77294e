"""What chart_service needs of portal_access: signed calls, and the keys to check them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI
from joserfc.jwk import OKPKey

from chassis.security.service_calls import Signer


@dataclass(frozen=True)
class Portal:
    """Signs as portal_access does."""

    signer: Signer
    jwks_url: str


def new_signer(issuer: str = "portal_access") -> Signer:
    """Return a signer with a key of its own."""
    return Signer(issuer, json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)))


@asynccontextmanager
async def serve_portal() -> AsyncIterator[Portal]:
    """Serve the public keys on a free port."""
    signer = new_signer()
    app = FastAPI()
    app.get("/.well-known/jwks.json")(signer.public_keys)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:
            await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Portal(signer, f"http://127.0.0.1:{port}/.well-known/jwks.json")
    server.should_exit = True
    await serving
