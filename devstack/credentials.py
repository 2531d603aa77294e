"""Keys and demo sign-ins of one stack: made once, kept in its folder for its owner alone."""

import base64
import json
import os
import secrets
from pathlib import Path

from joserfc.jwk import OKPKey
from pydantic import BaseModel, Field, ValidationError

KEY_BYTES = 32
_OPS_PASSWORD_BYTES = 12
DEMO_STAFF_EMAIL = "staff@sunrise.example"
# Known to everybody, like the demo data that it opens.
DEMO_STAFF_PASSWORD = "green-hills-demo-1"  # noqa: S105
DEMO_OPS_NAME = "ops"


def _seal_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _signing_key() -> str:
    key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "Ed25519"}, auto_kid=True)
    return json.dumps(key.as_dict(private=True))


class Secrets(BaseModel):
    """What the services of one stack must know and nobody else."""

    seal_key: str
    """Base64 of 32 bytes, for tokens on their way through Kafka."""
    notice_seal_key: str = Field(default_factory=_seal_key)
    """The same, for the links in portal_access's notices."""
    signing_key: str
    """An Ed25519 private key, a JWK in JSON, for portal_access's calls to other services."""
    emr_signing_key: str = Field(default_factory=_signing_key)
    """The same, for chart_service's calls."""
    ops_signing_key: str = Field(default_factory=_signing_key)
    """The same, for the ops console's calls."""
    api_token: str
    """The bearer token of the chart API."""
    session_secret: str
    """Behind sessions and forms."""
    ops_secret: str = Field(default_factory=lambda: secrets.token_urlsafe(KEY_BYTES))
    """The same, for the console of ops people."""
    ops_password: str = Field(default_factory=lambda: secrets.token_urlsafe(_OPS_PASSWORD_BYTES))
    """With it DEMO_OPS_NAME signs in to that console, which shows more than demo data."""


def load_or_create(file: Path) -> Secrets:
    """Read the secrets of a stack; make them the first time, readable by their owner alone.

    Raises:
        RuntimeError: The file is there but is not whole.
    """
    if file.exists():
        try:
            known = Secrets.model_validate_json(file.read_text())
        except ValidationError as error:
            raise RuntimeError(
                f"{file} is damaged. Put it back from a backup; without it, delete the whole "
                f"folder {file.parent}, since nobody can read its sealed tokens any more."
            ) from error
        if known.model_fields_set < Secrets.model_fields.keys():
            # An older version's file lacks some: they are made once, too.
            _write(file, known.model_dump_json(indent=2))
        return known
    made = _new_secrets()
    _write(file, made.model_dump_json(indent=2))
    return made


def _new_secrets() -> Secrets:
    return Secrets(
        seal_key=_seal_key(),
        signing_key=_signing_key(),
        api_token=secrets.token_urlsafe(KEY_BYTES),
        session_secret=secrets.token_urlsafe(KEY_BYTES),
    )


def _write(file: Path, content: str) -> None:
    attempt = file.with_suffix(".new")
    attempt.unlink(missing_ok=True)
    descriptor = os.open(attempt, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(content)
    attempt.replace(file)
