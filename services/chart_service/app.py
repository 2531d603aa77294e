"""Wires chart_service: settings, database, broker, handlers, API, pages."""

import asyncio
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from chassis import inbox
from chassis.listening import Listener
from chassis.security.call_verifier import Verifier
from chassis.security.service_calls import Signer
from chassis.service import assemble, every
from chassis.web import keys, records
from chassis.web.app import create_app
from chassis.web.csrf import CookieSettings
from chassis.web.sessions import SessionCookie
from services.chart_service import access as portal_access
from services.chart_service import alert_news, directory, handlers, of_age, queries
from services.chart_service.api import description, docs, idempotency, oauth
from services.chart_service.api import router as api
from services.chart_service.api.access import router as access
from services.chart_service.api.callers import Callers
from services.chart_service.bulk_worker import BulkWorker
from services.chart_service.mail_previews import MailPreviews
from services.chart_service.oidc import Provider
from services.chart_service.pages import (
    account_router,
    bulk_invites,
    live,
    oidc,
    passwords,
    sign_in,
)
from services.chart_service.pages import router as pages
from services.chart_service.pages.oidc import Offer
from services.chart_service.pages.settings import router as settings_pages
from services.chart_service.pages.visits import SignInNeededError, Visits
from services.chart_service.portal_accounts import PortalAccounts
from services.chart_service.settings import Settings
from services.chart_service.webhooks import senders
from services.chart_service.webhooks.messages import TYPE_BY_EVENT

NAME = "chart_service"


def build(settings: Settings) -> FastAPI:
    """Make the service from its settings; it starts with the app's lifespan."""
    bell = asyncio.Event()
    parts = assemble(
        NAME,
        settings,
        handlers.together(
            dict.fromkeys(alert_news.STATE_BY_EVENT, handlers.alert_news),
            dict.fromkeys(portal_access.STATE_BY_EVENT, handlers.access_news),
            dict.fromkeys(TYPE_BY_EVENT, handlers.webhook_news(bell)),
        ),
    )
    allow_private = settings.webhooks_allow_private
    webhooks = senders.Senders(parts.database, bell, allow_private=allow_private)
    bulk_worker = BulkWorker(parts.database)
    listener = Listener(parts.database, queries.changes.CHANNEL)
    tasks = parts.tasks() | {
        "bulk invites": bulk_worker.run,
        "directory": lambda: directory.keep_refreshed(parts.database),
        "webhooks": webhooks.run,
        "webhook deliveries": every(3600, lambda: senders.forget_old(parts.database)),
        "inbox": every(3600, lambda: inbox.forget_old(parts.database)),
        "sessions": every(3600, lambda: sign_in.forget_old(parts.database)),
        "tokens": every(3600, lambda: oauth.forget_old(parts.database)),
        "listener": listener.run,
        "of age": lambda: of_age.keep_noting(parts.database, listener),
        "idempotency keys": every(3600, lambda: idempotency.forget_old(parts.database)),
    }
    secure = settings.emr_url.startswith("https://")
    cookies = CookieSettings(settings.session_secret, secure)
    templates = Path(__file__).parent / "templates"
    signer = Signer(NAME, settings.emr_signing_key)
    portal = PortalAccounts(settings.portal_access_url, signer)
    mails = MailPreviews(settings.notifications_url, signer)
    closers = [mails.close, portal.close, *parts.closers()]
    app = create_app(NAME, templates, tasks, parts.checks(), closers, cookies)
    app.state.readings = parts.readings()
    verifier = Verifier(NAME, issuer="portal_access", jwks_url=settings.jwks_url)
    app.include_router(api.routes(parts.database, settings))
    app.include_router(access.routes(parts.database, verifier))
    app.include_router(account_router.routes(parts.database, portal))
    app.include_router(oauth.routes(parts.database, settings.emr_url.rstrip("/")))
    app.include_router(docs.routes())
    app.include_router(keys.routes(signer))
    console = settings.ops_jwks_url
    app.include_router(records.routes(NAME, parts.database, console, queries.ops_records.of))
    session = SessionCookie("portico_emr", secure)
    offer = _ways_to_sign_in(settings)
    app.include_router(sign_in.routes(parts.database, session, offer))
    if offer.provider is not None:
        app.include_router(oidc.routes(parts.database, session, offer.provider))
    if offer.passwords:
        app.include_router(passwords.routes(parts.database, session))
    app.include_router(pages.routes(parts.database, settings, offer))
    app.include_router(settings_pages.routes(parts.database, mails))
    app.include_router(bulk_invites.routes(parts.database, bulk_worker.wake))
    app.state.callers = Callers(parts.database, settings.api_token)
    app.state.visits = Visits(parts.database, session, offer.passwords)
    description.complete(app)
    app.include_router(live.routes(parts.database, listener, app.state.visits))
    app.mount("/assets", StaticFiles(directory=Path(__file__).parent / "static"))

    @app.exception_handler(SignInNeededError)
    async def sign_in_first(request: Request, _error: SignInNeededError) -> Response:
        if "hx-request" in request.headers:  # a part of a page is no place to sign in
            return Response(status_code=204, headers={"HX-Redirect": "/sign-in"})
        return RedirectResponse("/sign-in", status_code=303)

    return app


def _ways_to_sign_in(settings: Settings) -> Offer:
    if settings.oidc_issuer is None:
        return Offer(settings.oidc_label)
    assert settings.oidc_client_id is not None
    assert settings.oidc_client_secret is not None
    provider = Provider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret,
        f"{settings.emr_url.rstrip('/')}/sign-in/oidc/callback",
    )
    return Offer(settings.oidc_label, provider, settings.oidc_passwords == "on")
