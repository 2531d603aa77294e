"""Sealing a token on its way through Kafka: AES-256-GCM (NIST SP 800-38D), bound to one id."""

import base64
import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
_KEY_BYTES = 32


class SealBrokenError(ValueError):
    """What was sealed is damaged, was sealed under another key, or for another id."""


class Seal:
    """Seals and opens with a key of 32 bytes, given in base64."""

    def __init__(self, key: str) -> None:
        raw = base64.b64decode(key, validate=True)
        if len(raw) != _KEY_BYTES:
            raise ValueError(
                f"PORTICO_SEAL_KEY holds {len(raw)} bytes, needed are {_KEY_BYTES} in base64"
            )
        self._cipher = AESGCM(raw)

    def close(self, token: str, bound_to: UUID) -> str:
        """Return the token sealed for this id, in base64."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, token.encode(), bound_to.bytes)
        return base64.b64encode(nonce + sealed).decode()

    def open(self, sealed: str, bound_to: UUID) -> str:
        """Return the token.

        Raises:
            SealBrokenError: it was not sealed by this key for this id.
        """
        try:
            raw = base64.b64decode(sealed, validate=True)
            token = self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], bound_to.bytes)
        except (InvalidTag, ValueError) as error:
            raise SealBrokenError(f"the sealed token of {bound_to} cannot be opened") from error
        return token.decode()
