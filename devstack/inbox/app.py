"""Wires the inbox's HTTP side."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import PlainTextResponse
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from chassis.web.design_system import DesignSystem
from chassis.web.pages import wants_page
from devstack.inbox import api, pages
from devstack.inbox.mailbox import Mailbox

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
LOCAL_HOSTS = ["127.0.0.1", "localhost"]
EVERY_INTERFACE = {"0.0.0.0", "::"}  # noqa: S104 - compared with, not listened on


def create_app(mailbox: Mailbox, host: str) -> FastAPI:
    """Return the application that shows this mailbox.

    Args:
        mailbox: The mails.
        host: The address that it listens on. Unless that is every interface, requests must name
            it or this machine as their host, against DNS rebinding.
    """
    app = FastAPI(title="Portico mail inbox", docs_url=None, redoc_url=None)
    app.state.mailbox = mailbox
    app.include_router(api.router)
    app.include_router(pages.router)
    app.add_api_route("/health/live", _healthy)
    app.add_api_route("/health/ready", _healthy)
    app.mount("/static", DesignSystem())
    app.add_exception_handler(404, _not_found)
    app.middleware("http")(_refuse_other_origins)
    hosts = ["*"] if host in EVERY_INTERFACE else [*LOCAL_HOSTS, host]
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts)
    return app


async def _healthy() -> dict[str, str]:
    return {"status": "ok"}


async def _not_found(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if wants_page(request) and not request.url.path.startswith(api.router.prefix):
        return pages.not_found(request)
    return await http_exception_handler(request, error)


async def _refuse_other_origins(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Let no page of another origin delete mails; programs send no Origin header."""
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("Host")
    if foreign and request.method not in SAFE_METHODS:
        return PlainTextResponse("Another site's page may not change this inbox.", status_code=403)
    return await call_next(request)
