"""The cookie by which a visitor goes on with what they began to accept."""

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from services.portal_access.rules import ACCEPTANCE_LIFE

_NAME = "portico_acceptance"
_PATH = "/accept"


@dataclass(frozen=True)
class AcceptanceCookie:
    """Holds the visitor's secret name for as long as an acceptance lives."""

    secure: bool

    def visitor(self, request: Request) -> str:
        """Return the name that the browser sent; no visitor has the empty one."""
        return request.cookies.get(_NAME, "")

    def set(self, response: Response, visitor: str) -> None:
        """Hand the name to the browser, out of reach of scripts and other sites."""
        response.set_cookie(
            _NAME,
            visitor,
            max_age=int(ACCEPTANCE_LIFE.total_seconds()),
            path=_PATH,
            httponly=True,
            samesite="lax",
            secure=self.secure,
        )

    def clear(self, response: Response) -> None:
        """Take the name back."""
        response.delete_cookie(_NAME, path=_PATH, httponly=True, samesite="lax", secure=self.secure)
