"""Staff who sign in at an OpenID provider (OpenID Connect Core 1.0, code flow with PKCE).

What the provider says is believed only from an ID token that its published keys signed for us,
for this very sign-in. Nothing of codes and tokens goes into logs or messages.
"""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import httpx
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

_SCOPE = "openid email"
_LEEWAY_SECONDS = 60
_KEPT_SECONDS = 3600
_KEPT_AT_LEAST_SECONDS = 5
_TIMEOUT_SECONDS = 5
# Signatures that a public key checks; the provider picks one, and "none" is none of them.
_ALGORITHMS = [
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
]


class OidcError(Exception):
    """Somebody cannot be signed in; `code` is a key of the pages' words for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at the provider; the address, in lower case, only if it is verified."""

    issuer: str
    subject: str
    verified_email: str | None


@dataclass(frozen=True, slots=True)
class _Discovered:
    metadata: dict[str, Any]
    keys: KeySet
    at: float


class Provider:
    """An OpenID provider, found by its issuer (OpenID Connect Discovery 1.0)."""

    def __init__(self, issuer: str, client_id: str, client_secret: str, redirect_uri: str) -> None:
        self.issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri
        # Read once: it takes 20 ms, in which nobody else would be served.
        self._authorities = httpx.create_ssl_context()
        self._found: _Discovered | None = None

    async def authorization_url(self, state: str, nonce: str, code_verifier: str) -> str:
        """Return where the browser goes to sign in.

        Raises:
            OidcError: the provider does not answer, or not as one.
        """
        found = await self._discover(_KEPT_SECONDS)
        client = OAuth2Client(None, self._client_id, code_challenge_method="S256")
        url, _ = client.create_authorization_url(
            found.metadata["authorization_endpoint"],
            state,
            code_verifier,
            nonce=nonce,
            scope=_SCOPE,
            redirect_uri=self._redirect_uri,
        )
        return str(url)

    async def identity(self, code: str, code_verifier: str, nonce: str) -> Identity:
        """Return who came back with this code.

        Raises:
            OidcError: the provider does not answer, or what it says is not to be believed.
        """
        found = await self._discover(_KEPT_SECONDS)
        tokens = await self._tokens(found.metadata, code, code_verifier)
        claims = await self._claims(tokens, nonce)
        if "email" not in claims and "userinfo_endpoint" in found.metadata:
            claims |= await self._userinfo(found.metadata, tokens, claims["sub"])
        email = claims.get("email")
        is_verified = claims.get("email_verified") in (True, "true")
        verified = email.lower() if isinstance(email, str) and is_verified else None
        return Identity(self.issuer, str(claims["sub"]), verified)

    async def _tokens(
        self, metadata: dict[str, Any], code: str, code_verifier: str
    ) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": code_verifier,
        }
        methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        auth = None
        if "client_secret_basic" in methods:
            # RFC 6749 2.3.1: both are form-encoded first.
            auth = httpx.BasicAuth(quote_plus(self._client_id), quote_plus(self._client_secret))
        else:
            form |= {"client_id": self._client_id, "client_secret": self._client_secret}
        return await self._fetch("POST", metadata["token_endpoint"], data=form, auth=auth)

    async def _claims(self, tokens: dict[str, Any], nonce: str) -> dict[str, Any]:
        try:
            token = await self._decoded(str(tokens.get("id_token")))
            options = {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self._client_id},
            }
            known = {
                "nonce": nonce,
                "client_id": self._client_id,
                "access_token": tokens.get("access_token"),
            }
            CodeIDToken(token.claims, token.header, options, known).validate(leeway=_LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError) as error:
            raise OidcError("not_genuine") from error
        return dict(token.claims)

    async def _decoded(self, id_token: str) -> jwt.Token:
        registry = JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False)
        found = await self._discover(_KEPT_SECONDS)
        try:
            return jwt.decode(id_token, found.keys, registry=registry)
        except (JoseError, ValueError):
            # The provider's key may be newer than what we know of it.
            found = await self._discover(_KEPT_AT_LEAST_SECONDS)
            return jwt.decode(id_token, found.keys, registry=registry)

    async def _userinfo(
        self, metadata: dict[str, Any], tokens: dict[str, Any], subject: str
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {tokens.get('access_token')}"}
        found = await self._fetch("GET", metadata["userinfo_endpoint"], headers=headers)
        if found.get("sub") != subject:
            raise OidcError("not_genuine")
        return {name: found.get(name) for name in ("email", "email_verified")}

    async def _discover(self, kept_seconds: float) -> _Discovered:
        if self._found is None or time.monotonic() - self._found.at > kept_seconds:
            path = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
            metadata = await self._fetch("GET", path)
            needed = {"authorization_endpoint", "token_endpoint", "jwks_uri"}
            if metadata.get("issuer") != self.issuer or not needed <= metadata.keys():
                raise OidcError("misconfigured")
            keys = _keys_in(await self._fetch("GET", metadata["jwks_uri"]))
            self._found = _Discovered(metadata, keys, time.monotonic())
        return self._found

    async def _fetch(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        try:
            # Another one each time: nobody's cookies are for the next who signs in.
            async with httpx.AsyncClient(
                verify=self._authorities, timeout=_TIMEOUT_SECONDS
            ) as client:
                answer = await client.request(method, url, **options)
        except httpx.HTTPError as error:
            raise OidcError("away") from error
        if answer.is_server_error:
            raise OidcError("away")
        if not answer.is_success:
            raise OidcError("refused")
        try:
            return dict(answer.json())
        except (ValueError, TypeError) as error:
            raise OidcError("misconfigured") from error


def _keys_in(jwks: dict[str, Any]) -> KeySet:
    try:
        return KeySet.import_key_set({"keys": jwks["keys"]})
    except (JoseError, KeyError, ValueError, TypeError) as error:
        raise OidcError("misconfigured") from error
