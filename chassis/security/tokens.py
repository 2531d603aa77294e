"""Tokens that only their holder knows: the database keeps their SHA-256."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """Return 256 random bits in URL-safe base64 (43 characters)."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> bytes:
    """Return the SHA-256 of a token; with 256 random bits it needs neither salt nor stretching."""
    return hashlib.sha256(token.encode()).digest()
