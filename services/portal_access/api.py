"""What programs ask of portal_access: the keys by which its signed calls are checked."""

from typing import Any

from fastapi import APIRouter

from chassis.security.service_calls import Signer


def routes(signer: Signer) -> APIRouter:
    """Return the API; it holds public keys alone."""
    router = APIRouter()

    @router.get("/.well-known/jwks.json")
    async def public_keys() -> dict[str, Any]:
        """Return the public keys (RFC 7517)."""
        return signer.public_keys()

    return router
