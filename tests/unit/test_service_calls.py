"""A service answers those calls alone that its caller has signed, for it, just now."""

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from fastapi import Request
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from chassis.security import call_verifier
from chassis.security.call_verifier import Verifier
from chassis.security.service_calls import LIFE_SECONDS, Signer
from chassis.web.problems import ProblemError

CALLER, CALLED = "portal_access", "invitation_service"


def new_key() -> OKPKey:
    key = OKPKey.generate_key("Ed25519")
    key.ensure_kid()
    return key


def signer_with(key: OKPKey, issuer: str = CALLER) -> Signer:
    return Signer(issuer, json.dumps(key.as_dict(private=True)))


KEY = new_key()
SIGNER = signer_with(KEY)


class _PublicKeys(BaseHTTPRequestHandler):
    """Publishes what the server's `keys` are at the time."""

    def do_GET(self) -> None:
        published = self.server.keys  # type: ignore[attr-defined]
        self.send_response(200 if published else 503)
        self.end_headers()
        self.wfile.write(json.dumps(published).encode())

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def published() -> Iterator[Any]:
    """A web server with the caller's public keys."""
    with HTTPServer(("127.0.0.1", 0), _PublicKeys) as server:
        server.keys = SIGNER.public_keys()  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def verifier(published: Any) -> Verifier:
    return Verifier(CALLED, CALLER, f"http://127.0.0.1:{published.server_port}/jwks.json")


def call(authorization: str | None) -> Request:
    headers = [] if authorization is None else [(b"authorization", authorization.encode("latin-1"))]
    return Request({"type": "http", "headers": headers})


def signed(**changes: object) -> str:
    """Return a token by the caller's key with other claims than Signer would set."""
    now = int(time.time())
    claims = {"iss": CALLER, "aud": CALLED, "iat": now, "exp": now + 60} | changes
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "Ed25519", "kid": KEY.kid}, kept, KEY, algorithms=["Ed25519"])


def with_header(header: object) -> str:
    """Return a genuine token with another header."""
    encoded = urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return ".".join([encoded, *SIGNER.sign(CALLED).split(".")[1:]])


async def refusal(verifier: Verifier, authorization: str | None) -> tuple[int, str]:
    with pytest.raises(ProblemError) as caught:
        await verifier.claims(call(authorization))
    return caught.value.status, caught.value.code


async def test_a_signed_call_is_answered_and_its_claims_are_known(verifier: Verifier) -> None:
    token = SIGNER.sign(CALLED, chart="c-1", scopes=["dashboard"])
    claims = await verifier.claims(call(f"Bearer {token}"))
    assert claims["iss"] == CALLER
    assert claims["chart"] == "c-1"
    assert claims["scopes"] == ["dashboard"]


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Basic YTpi", "é"])
async def test_an_unsigned_call_is_refused(verifier: Verifier, authorization: str | None) -> None:
    assert await refusal(verifier, authorization) == (401, "signed_call_needed")


REFUSED = {
    "for another service": SIGNER.sign("chart_service"),
    "by another caller": signer_with(KEY, "notification_service").sign(CALLED),
    "by another key": signer_with(new_key()).sign(CALLED),
    "expired": signed(iat=int(time.time()) - 120, exp=int(time.time()) - 60),
    "without an end": signed(exp=None),
    "with an end that is no time": signed(exp="never"),
    "without an audience": signed(aud=None),
    "without an issuer": signed(iss=None),
    "unsigned by its own word": with_header({"alg": "none"}),
    "with no algorithm": with_header({}),
    "with a header that is no object": with_header(["Ed25519"]),
    "with the public key as a shared secret": jwt.encode(
        {"alg": "HS256"},
        {"iss": CALLER, "aud": CALLED, "exp": int(time.time()) + 60},
        OctKey.import_key(json.dumps(SIGNER.public_keys())),
        algorithms=["HS256"],
    ),
    "cut off": SIGNER.sign(CALLED)[:-10],
    "no token at all": "nonsense",
    "in other letters": "é.é.é",
}


@pytest.mark.parametrize("wrong", REFUSED)
async def test_a_call_that_is_not_genuine_is_refused(verifier: Verifier, wrong: str) -> None:
    assert await refusal(verifier, f"Bearer {REFUSED[wrong]}") == (401, "signature_invalid")


async def test_a_call_whose_claims_were_changed_is_refused(verifier: Verifier) -> None:
    header, _, signature = SIGNER.sign(CALLED).split(".")
    _, claims, _ = SIGNER.sign(CALLED, role="patient").split(".")
    assert (await refusal(verifier, f"Bearer {header}.{claims}.{signature}"))[0] == 401


async def test_a_signature_is_good_for_a_minute_at_most() -> None:
    claims = jwt.decode(SIGNER.sign(CALLED), KEY, algorithms=["Ed25519"]).claims
    assert claims["exp"] - claims["iat"] == LIFE_SECONDS <= 60


def test_no_private_key_is_published() -> None:
    (published_key,) = SIGNER.public_keys()["keys"]
    assert "d" not in published_key
    assert published_key["kid"] == KEY.kid


async def test_while_the_callers_keys_cannot_be_had_the_answer_is_to_retry(
    verifier: Verifier, published: Any
) -> None:
    published.keys = None
    token = f"Bearer {SIGNER.sign(CALLED)}"
    assert await refusal(verifier, token) == (503, "keys_unavailable")
    published.keys = SIGNER.public_keys()
    assert await verifier.claims(call(token))


async def test_a_callers_new_key_is_taken_and_its_old_one_no_longer(
    verifier: Verifier, published: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_verifier, "_KEYS_KEPT_AT_LEAST_SECONDS", 0)
    assert await verifier.claims(call(f"Bearer {SIGNER.sign(CALLED)}"))
    renewed = signer_with(new_key())
    published.keys = renewed.public_keys()
    assert await verifier.claims(call(f"Bearer {renewed.sign(CALLED)}"))
    assert (await refusal(verifier, f"Bearer {SIGNER.sign(CALLED)}"))[0] == 401
