"""Signed calls between services: short-lived JWTs (RFC 7519), Ed25519 (RFC 9864), with JWKS."""

import json
import time
from typing import Any

import httpx
from fastapi import Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from chassis import spans, telemetry
from chassis.web.problems import ProblemError

LIFE_SECONDS = 60
_CLOCK_LEEWAY_SECONDS = 10
_KEYS_KEPT_SECONDS = 600
_KEYS_KEPT_AT_LEAST_SECONDS = 5
_ALGORITHM = "Ed25519"
_KeyHolder = dict[str, Any]


class ServiceClient(httpx.AsyncClient):
    """Calls another service in the current trace, each call in a span of its own."""

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Send a request, as all of the client's methods do; raises what they do."""
        attributes = {"http.request.method": request.method, "server.address": request.url.host}
        with spans.calling(request.method, attributes) as span:
            if traceparent := telemetry.current_traceparent():
                request.headers["traceparent"] = traceparent
            answer = await super().send(request, **options)
            if span:
                spans.note_status(span, answer.status_code, fails_from=400)
        return answer


class Signer:
    """Signs a service's calls with its Ed25519 private key, a JWK in JSON."""

    def __init__(self, issuer: str, private_key: str) -> None:
        self._issuer = issuer
        self._key = OKPKey.import_key(json.loads(private_key))
        self._key.ensure_kid()

    def sign(self, audience: str, **claims: object) -> str:
        """Return a token for one service, good for LIFE_SECONDS, with further claims."""
        now = int(time.time())
        header = {"alg": _ALGORITHM, "kid": self._key.kid}
        standard = {"iss": self._issuer, "aud": audience, "iat": now, "exp": now + LIFE_SECONDS}
        return jwt.encode(header, standard | claims, self._key, algorithms=[_ALGORITHM])

    def headers(self, audience: str, **claims: object) -> dict[str, str]:
        """Return what a call to one service is sent with: such a token."""
        return {"Authorization": f"Bearer {self.sign(audience, **claims)}"}

    def public_keys(self) -> _KeyHolder:
        """Return the JWKS by which others check what this signer signs."""
        return {"keys": [self._key.as_dict(private=False)]}


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
            return dict(jwt.decode(token, keys, algorithms=[_ALGORITHM]).claims)
        except (JoseError, ValueError):
            # Its key may be newer than ours; forged tokens must not make us fetch all the time.
            keys = await self._key_set(_KEYS_KEPT_AT_LEAST_SECONDS)
            return dict(jwt.decode(token, keys, algorithms=[_ALGORITHM]).claims)

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
