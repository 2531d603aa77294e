"""Wires chart_service: settings, database, broker, handlers, API, pages."""

from pathlib import Path

from fastapi import FastAPI

from chassis import inbox
from chassis.security.service_calls import Verifier
from chassis.service import assemble, every
from chassis.web.app import create_app
from chassis.web.csrf import CookieSettings
from services.chart_service import access_api, api, handlers
from services.chart_service.alerts import STATE_BY_EVENT
from services.chart_service.settings import Settings

NAME = "chart_service"


def build(settings: Settings) -> FastAPI:
    """Make the service from its settings; it starts with the app's lifespan."""
    parts = assemble(NAME, settings, dict.fromkeys(STATE_BY_EVENT, handlers.alert_news))
    tasks = parts.tasks() | {
        "inbox": every(3600, lambda: inbox.forget_old(parts.database)),
    }
    cookies = CookieSettings(settings.session_secret, settings.emr_url.startswith("https://"))
    templates = Path(__file__).parent / "templates"
    app = create_app(NAME, templates, tasks, parts.checks(), parts.closers(), cookies)
    verifier = Verifier(NAME, issuer="portal_access", jwks_url=settings.jwks_url)
    app.include_router(api.routes(parts.database, settings.api_token))
    app.include_router(access_api.routes(parts.database, verifier))
    return app
