"""Reading a request for a token: who asks, with which secret, for which scopes (RFC 6749)."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus
from uuid import UUID

from fastapi.responses import JSONResponse, Response

NOT_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}
FORM = "application/x-www-form-urlencoded"


class TokenRefusedError(Exception):
    """No token is given: an error code of RFC 6749 5.2, and a sentence for developers."""

    def __init__(self, code: str, sentence: str, status: int = 400) -> None:
        super().__init__(code)
        self._body = {"error": code, "error_description": sentence}
        self._status = status

    def response(self) -> Response:
        """Return the error as RFC 6749 5.2 wants it."""
        more = {401: {"WWW-Authenticate": 'Basic realm="Portico"'}, 429: {"Retry-After": "900"}}
        headers = NOT_STORED | more.get(self._status, {})
        return JSONResponse(self._body, status_code=self._status, headers=headers)


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """Who asks; `scopes` is None when the request names none."""

    client_id: UUID
    client_secret: str
    scopes: frozenset[str] | None


def unknown_client(status: int = 401) -> TokenRefusedError:
    """Return the refusal that says no more than that id and secret do not go together."""
    sentence = "No client has this id and secret."
    if status != 401:  # noqa: PLR2004 - RFC 9110
        sentence = "Too many wrong secrets. Wait 15 minutes, then try again."
    return TokenRefusedError("invalid_client", sentence, status)


def read(headers: Mapping[str, str], body: bytes) -> TokenRequest:
    """Read a request for a token.

    Raises:
        TokenRefusedError: it is not one by RFC 6749, or for another grant than ours.
    """
    form = _form(headers.get("content-type", ""), body)
    client_id, secret = _credentials(headers.get("authorization"), form)
    grant = form.get("grant_type")
    if grant is None:
        raise TokenRefusedError("invalid_request", "grant_type is missing.")
    if grant != "client_credentials":
        raise TokenRefusedError("unsupported_grant_type", "grant_type is client_credentials here.")
    scopes = frozenset(form["scope"].split()) if form.get("scope", "").strip() else None
    try:
        return TokenRequest(UUID(client_id), secret, scopes)
    except ValueError as error:
        raise unknown_client() from error


def _form(content_type: str, body: bytes) -> dict[str, str]:
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise TokenRefusedError("invalid_request", f"The body is sent as {FORM}.")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50)
    except ValueError as error:
        raise TokenRefusedError("invalid_request", "The form cannot be read.") from error
    form = dict(pairs)
    if len(form) < len(pairs):
        raise TokenRefusedError("invalid_request", "A parameter is sent twice.")
    return form


def _credentials(authorization: str | None, form: Mapping[str, str]) -> tuple[str, str]:
    if authorization is None:
        if "client_id" not in form or "client_secret" not in form:
            raise TokenRefusedError("invalid_client", "The client's id or secret is missing.", 401)
        return form["client_id"], form["client_secret"]
    if "client_secret" in form:
        raise TokenRefusedError("invalid_request", "The client's secret is sent in two ways.")
    scheme, _, encoded = authorization.partition(" ")
    try:
        pair = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise unknown_client() from error
    client_id, colon, secret = pair.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise unknown_client()
    return unquote_plus(client_id), unquote_plus(secret)
