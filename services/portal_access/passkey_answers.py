"""What a browser sends of a passkey, read with care: it may come from anybody."""

from typing import NamedTuple

from pydantic import BaseModel, Field, ValidationError
from webauthn.helpers import base64url_to_bytes

_MOST_TRANSPORTS = 10


class Answer(NamedTuple):
    """Which passkey answered, and by which ways its device can be reached (usb, internal…)."""

    id: bytes
    transports: list[str]


class _Response(BaseModel):
    transports: list[str] = Field(default=[], max_length=_MOST_TRANSPORTS)


class _Credential(BaseModel):
    raw_id: str = Field(alias="rawId")
    response: _Response


def read(credential: str) -> Answer | None:
    """Return what a credential in JSON says of itself, None when it is none."""
    try:
        found = _Credential.model_validate_json(credential)
        return Answer(base64url_to_bytes(found.raw_id), found.response.transports)
    except (ValidationError, ValueError):
        return None
