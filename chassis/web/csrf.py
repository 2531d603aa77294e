"""Forms are safe against forged requests: a token bound to a cookie, and the browser's own word.

Signed double submit (OWASP CSRF prevention) and Sec-Fetch-Site (W3C Fetch Metadata).
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import Response

from chassis.web.languages import marked
from chassis.web.problems import ProblemError

FIELD = "csrf_token"


@dataclass(frozen=True)
class CookieSettings:
    """The secret behind the forms' tokens, and whether cookies go over HTTPS alone."""

    secret: str = field(default_factory=secrets.token_urlsafe)
    secure: bool = False


def cookie_name(request: Request) -> str:
    """Return the cookie's name: services on one host and other ports share a cookie jar."""
    return f"{request.app.state.service}_csrf"


def secret_of(request: Request) -> tuple[str, bool]:
    """Return the visitor's CSRF secret, and whether it was made just now."""
    known = request.cookies.get(cookie_name(request))
    return (known, False) if known else (secrets.token_urlsafe(32), True)


def set_secret(request: Request, response: Response, secret: str) -> None:
    """Keep the secret in a cookie that no script can read."""
    response.set_cookie(
        cookie_name(request),
        secret,
        httponly=True,
        samesite="lax",
        secure=request.app.state.cookies.secure,
    )


def token_for(request: Request, secret: str) -> str:
    """Return what a form must send along with the cookie."""
    key: str = request.app.state.cookies.secret
    return hmac.new(key.encode(), secret.encode(), hashlib.sha256).hexdigest()


async def protect(request: Request) -> None:
    """Refuse a form that another site sent; a dependency of every route that changes something.

    Raises:
        ProblemError: 403, the form is stale or was not sent by our own page.
    """
    site = request.headers.get("sec-fetch-site", "same-origin")
    secret = request.cookies.get(cookie_name(request))
    sent = (await request.form()).get(FIELD)
    genuine = (
        secret is not None
        and isinstance(sent, str)
        and hmac.compare_digest(sent.encode(errors="replace"), token_for(request, secret).encode())
    )
    if not genuine or site not in {"same-origin", "none"}:
        raise ProblemError(
            403,
            "form_expired",
            marked("This form has expired. Go back, reload the page and try again."),
        )
