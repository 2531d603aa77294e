"""Seals for what is secret at rest; each has a key of its own, derived by HKDF (RFC 5869)."""

import base64

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chassis.security.seal import Seal

_KEY_BYTES = 32


def of_acceptances(session_secret: str) -> Seal:
    """Return the seal for the tokens of invitees on their way."""
    return _seal(session_secret, b"portal_access acceptance")


def of_apps(session_secret: str) -> Seal:
    """Return the seal for the secrets of authenticator apps.

    Under another session secret no app's code is right: people sign in by a passkey or a recovery
    code then, and add the app anew.
    """
    return _seal(session_secret, b"portal_access authenticator")


def _seal(secret: str, what_for: bytes) -> Seal:
    derivation = HKDF(SHA256(), _KEY_BYTES, salt=None, info=what_for)
    return Seal(base64.b64encode(derivation.derive(secret.encode())).decode())
