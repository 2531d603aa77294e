"""Around every request: a limit on its size, and headers that keep pages safe."""

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.web import zones
from chassis.web.answers import answer
from chassis.web.languages import Languages, marked
from chassis.web.pages import wants_page

MAX_BODY_BYTES = 16 * 1024 * 1024
"""A FHIR bundle is the largest thing that anybody sends."""

_TOO_LARGE = marked("What you sent is larger than 16 MB. Go back and choose a smaller file.")

_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_SECURITY_HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class SafeRequests:
    """Refuses oversized bodies, adds security headers."""

    def __init__(self, app: ASGIApp, languages: Languages) -> None:
        self._app = app
        self._languages = languages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3.0)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        zones.use(zones.DEFAULT)
        self._languages.choose(headers, QueryParams(scope["query_string"]))

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message), scope["path"])
            await send(message)

        if _too_large(headers):
            await _refusal(Request(scope))(scope, receive, send_safely)
            return
        await self._app(scope, receive, send_safely)


def _too_large(headers: Headers) -> bool:
    if "transfer-encoding" in headers:
        return True
    length = headers.get("content-length", "0")
    return not length.isdigit() or int(length) > MAX_BODY_BYTES


def _refusal(request: Request) -> Response:
    detail = f"The body may have {MAX_BODY_BYTES} bytes, and its length must be given."
    if wants_page(request):
        detail = _TOO_LARGE
    return answer(request, 413, "too_large", detail)


def _add_headers(headers: MutableHeaders, path: str) -> None:
    for name, value in _SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    if not path.startswith("/static/"):
        headers.setdefault("Cache-Control", "no-store")
