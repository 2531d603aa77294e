"""Signed calls between services: short-lived JWTs (RFC 7519), Ed25519 (RFC 9864), with JWKS."""

import json
import time
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import OKPKey

from chassis import spans, telemetry

LIFE_SECONDS = 60
ALGORITHM = "Ed25519"
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
        header = {"alg": ALGORITHM, "kid": self._key.kid}
        standard = {"iss": self._issuer, "aud": audience, "iat": now, "exp": now + LIFE_SECONDS}
        return jwt.encode(header, standard | claims, self._key, algorithms=[ALGORITHM])

    def headers(self, audience: str, **claims: object) -> dict[str, str]:
        """Return what a call to one service is sent with: such a token."""
        return {"Authorization": f"Bearer {self.sign(audience, **claims)}"}

    def public_keys(self) -> _KeyHolder:
        """Return the JWKS by which others check what this signer signs."""
        return {"keys": [self._key.as_dict(private=False)]}
