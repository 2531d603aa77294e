"""Checking signed calls against their caller's published keys (JWKS)."""

import time
from typing import Any

import httpx
from fastapi import Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from chassis.security.service_calls import ALGORITHM, ServiceClient
from chassis.web.problems import ProblemError

_CLOCK_LEEWAY_SECONDS = 10
_KEYS_KEPT_SECONDS = 600
_KEYS_KEPT_AT_LEAST_SECONDS = 5


class Verifier:
    """Checks calls to one service against its caller's published keys."""

    def __init__(self, audience: str, issuer: str, jwks_url: str) -> None:
        self._jwks_url = jwks_url
        self._keys: KeySet | None = None
        self._fetched_at = 0.0
        self._registry = jwt.JWTClaimsRegistry(
            leeway=_CLOCK_LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
        )

    async def claims(self, request: Request) -> dict[str, Any]:
        """Return the claims of the request's bearer token.

        Raises:
            ProblemError: 401, the token is missing, expired, for another service or not genuine;
                503, the caller's keys cannot be had.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise ProblemError(401, "signed_call_needed", "This call needs a signed bearer token.")
        try:
            claims = await self._verified(token)
            self._registry.validate(claims)
        except (JoseError, ValueError) as error:
            raise ProblemError(
                401, "signature_invalid", "The bearer token is not genuine or has expired."
            ) from error
        return claims

    async def _verified(self, token: str) -> dict[str, Any]:
        keys = await self._key_set(_KEYS_KEPT_SECONDS)
        try:
            return dict(jwt.decode(token, keys, algorithms=[ALGORITHM]).claims)
        except (JoseError, ValueError):
            # Its key may be newer than ours; forged tokens must not make us fetch all the time.
            keys = await self._key_set(_KEYS_KEPT_AT_LEAST_SECONDS)
            return dict(jwt.decode(token, keys, algorithms=[ALGORITHM]).claims)

    async def _key_set(self, kept_seconds: float) -> KeySet:
        if self._keys is None or time.monotonic() - self._fetched_at > kept_seconds:
            try:
                async with ServiceClient(timeout=5) as client:
                    answer = (await client.get(self._jwks_url)).raise_for_status()
            except httpx.HTTPError as error:
                raise ProblemError(
                    503, "keys_unavailable", "The caller's public keys cannot be had now. Retry."
                ) from error
            self._keys = KeySet.import_key_set(answer.json())
            self._fetched_at = time.monotonic()
        return self._keys
