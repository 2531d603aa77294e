"""What chart_service needs of portal_access: signed calls, and the keys to check them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI
from joserfc.jwk import OKPKey

from chassis.security.service_calls import Signer
from tests.integration.chart_service.serving import serving


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
    """Serve the public keys."""
    signer = new_signer()
    app = FastAPI()
    app.get("/.well-known/jwks.json")(signer.public_keys)
    async with serving(app) as url:
        yield Portal(signer, f"{url}/.well-known/jwks.json")
