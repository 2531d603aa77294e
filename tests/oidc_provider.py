"""A small OpenID provider (OpenID Connect Core 1.0, code flow), which can also be wrong."""

import html
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import urlencode

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi import Depends, FastAPI, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.integration.chart_service.serving import serving

CLIENT_ID = "portico"
CLIENT_SECRET = "a secret: of the tests"


@dataclass
class Person:
    """Somebody who can sign in at the provider, and what it says of them."""

    sub: str
    email: str
    email_verified: bool = True
    claims: dict[str, Any] = field(default_factory=dict)
    """What the ID token says otherwise than it should."""
    email_by_userinfo: bool = False
    is_forged: bool = False
    """The ID token is signed with a key that the provider does not publish."""


@dataclass
class Provider:
    """What the provider knows."""

    issuer: str = ""
    people: dict[str, Person] = field(default_factory=dict)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    """What was asked for, by the code that answered it."""
    tokens: dict[str, Person] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, auto_kid=True))
    other_key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, auto_kid=True))

    def knows(self, person: Person) -> Person:
        """Let somebody sign in."""
        self.people[person.sub] = person
        return person

    def id_token(self, person: Person, asked: dict[str, str]) -> str:
        """Return what the provider says of a person."""
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": person.sub, "aud": CLIENT_ID, "iat": now}
        claims |= {"exp": now + 300, "nonce": asked["nonce"]}
        if not person.email_by_userinfo:
            claims |= {"email": person.email, "email_verified": person.email_verified}
        key = self.other_key if person.is_forged else self.key
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims | person.claims, key)


@asynccontextmanager
async def serve_provider() -> AsyncIterator[Provider]:
    """Serve a provider over HTTP."""
    provider = Provider()
    async with serving(_app(provider)) as url:
        provider.issuer = url
        yield provider


Client = Annotated[HTTPBasicCredentials, Depends(HTTPBasic())]


def _app(provider: Provider) -> FastAPI:
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    async def metadata() -> dict[str, Any]:
        ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        found = {f"{name}_endpoint": f"{provider.issuer}/{path}" for name, path in ends.items()}
        return found | {"issuer": provider.issuer, "jwks_uri": f"{provider.issuer}/jwks"}

    @app.get("/jwks")
    async def jwks() -> dict[str, Any]:
        return dict(KeySet([provider.key]).as_dict(private=False))

    @app.get("/authorize")
    async def authorize(request: Request) -> Response:
        asked = dict(request.query_params)
        if asked["client_id"] != CLIENT_ID or asked["code_challenge_method"] != "S256":
            raise HTTPException(400)
        if "person" not in asked:
            return _who(provider, asked)
        code = secrets.token_urlsafe()
        provider.asked[code] = asked
        back = urlencode({"code": code, "state": asked["state"], "iss": provider.issuer})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 303)

    @app.post("/token")
    async def token(
        client: Client,
        code: Annotated[str, Form()],
        code_verifier: Annotated[str, Form()],
        redirect_uri: Annotated[str, Form()],
    ) -> dict[str, str]:
        asked = provider.asked.pop(code, None)
        # RFC 6749 2.3.1: form-encoded, hence the "%3A" and the "+".
        is_client = (client.username, client.password) == (CLIENT_ID, "a+secret%3A+of+the+tests")
        if asked is None or not is_client or redirect_uri != asked["redirect_uri"]:
            raise HTTPException(400)
        if create_s256_code_challenge(code_verifier) != asked["code_challenge"]:
            raise HTTPException(400)
        person, access_token = provider.people[asked["person"]], secrets.token_urlsafe()
        provider.tokens[access_token] = person
        id_token = provider.id_token(person, asked)
        return {"access_token": access_token, "token_type": "Bearer", "id_token": id_token}

    @app.get("/userinfo")
    async def userinfo(request: Request) -> dict[str, Any]:
        person = provider.tokens[request.headers["authorization"].removeprefix("Bearer ")]
        return {
            "sub": person.sub,
            "email": person.email,
            "email_verified": person.email_verified,
        }

    return app


def _who(provider: Provider, asked: dict[str, str]) -> Response:
    links = [
        f'<li><a href="/authorize?{html.escape(urlencode(asked | {"person": sub}))}">'
        f"{html.escape(person.email)}</a></li>"
        for sub, person in provider.people.items()
    ]
    return HTMLResponse(f"<!doctype html><title>Who are you?</title><ul>{''.join(links)}</ul>")
