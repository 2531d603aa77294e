"""The public keys by which others check the signed calls of a service."""

from typing import Any

from fastapi import APIRouter

from chassis.security.service_calls import Signer


def routes(signer: Signer) -> APIRouter:
    """Return the JWKS (RFC 7517)."""
    router = APIRouter(include_in_schema=False)

    @router.get("/.well-known/jwks.json")
    async def keys() -> dict[str, Any]:
        return signer.public_keys()

    return router
