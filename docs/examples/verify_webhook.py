"""Check a webhook's signature. Needs nothing but Python."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any


def verify(secret: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    """Return the payload of a genuine message; headers are in lower case."""
    message_id, sent_at = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(sent_at)) > 300:
        raise ValueError("too old, or the clocks differ")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{sent_at}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    # Several signatures stand there while a secret is being rotated.
    for signature in headers["webhook-signature"].split():
        if hmac.compare_digest(signature, f"v1,{expected}"):
            payload: dict[str, Any] = json.loads(body)
            return payload
    raise ValueError("not signed with this secret")
