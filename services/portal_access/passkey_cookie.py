"""The cookie by which a browser answers the challenge that it was sent."""

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from services.portal_access.passkeys import CEREMONY_LIFE, Begun

_NAME = "portico_passkey"


@dataclass(frozen=True)
class PasskeyCookie:
    """Holds a ceremony's secret name for as long as it may take."""

    secure: bool

    def answer(self, begun: Begun) -> Response:
        """Return what a browser goes on with."""
        response = Response(begun.options, media_type="application/json")
        response.set_cookie(
            _NAME,
            begun.name,
            max_age=int(CEREMONY_LIFE.total_seconds()),
            httponly=True,
            samesite="strict",
            secure=self.secure,
        )
        return response

    def name(self, request: Request) -> str:
        """Return the name that the browser sent; no ceremony has the empty one."""
        return request.cookies.get(_NAME, "")
