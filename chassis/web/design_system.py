"""The design system's files for browsers: a folder, and one stylesheet joined from its parts."""

from email.utils import formatdate
from hashlib import sha256
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

_HERE = Path(__file__).parent
PARTS = _HERE / "styles"
ORDER = (
    *("tokens", "brand-colour", "sizes", "page", "typography", "layout", "buttons"),
    *("fields", "input-states", "choices", "filters", "error-summary"),
    *("alerts", "badges", "mail-preview"),
    *("brand-header", "site-navigation", "page-header", "cards", "summary-list", "tabs"),
    *("tables", "directory", "directory-rows", "confirm"),
    *("facesheet", "plots", "messages", "empty-state"),
    *("sign-in", "details", "site-footer", "adaptations"),
    *("timeline", "portal-chart", "portal-lists", "second-step"),
    *("ops-flow", "ops-plots", "ops-flow-state"),
    "print",
)
"""Every part by its name; where two rules are equally specific, that of the later part holds."""

_STYLESHEET = "portico.css"


class DesignSystem(StaticFiles):
    """Serves the folder, and the stylesheet like a file of it; its parts are read once."""

    def __init__(self) -> None:
        super().__init__(directory=_HERE / "static")
        parts = [PARTS / f"{name}.css" for name in ORDER]
        self._text = b"\n".join(part.read_bytes() for part in parts)
        self._headers = {
            "Last-Modified": formatdate(max(part.stat().st_mtime for part in parts), usegmt=True),
            "ETag": f'"{sha256(self._text).hexdigest()}"',
        }

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the stylesheet or a file, or that the browser's copy is still the same."""
        if path != _STYLESHEET or scope["method"] not in {"GET", "HEAD"}:
            return await super().get_response(path, scope)
        response = Response(self._text, media_type="text/css", headers=self._headers)
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response
