"""Wires portal_access: settings, database, broker, handlers, neighbours, pages."""

from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from chassis import inbox
from chassis.security.seal import Seal
from chassis.security.service_calls import Signer, Verifier
from chassis.service import Parts, assemble, every
from chassis.web.app import create_app
from chassis.web.csrf import CookieSettings
from chassis.web.sessions import SessionCookie
from contracts.chart import MessageSent, OrganizationChanged, PersonChanged, PolicyPublished
from contracts.invitations import InvitationAccepted
from services.portal_access import (
    accept_account,
    accept_asking,
    accept_link,
    accounts_api,
    api,
    handlers,
    install,
    language_choice,
    policies,
    verify_email,
)
from services.portal_access.acceptance import Acceptances, seal_of
from services.portal_access.acceptance_cookie import AcceptanceCookie
from services.portal_access.charts import ChartAwayError, Charts
from services.portal_access.forgotten import Forgotten
from services.portal_access.invitations import Invitations, RefusedError
from services.portal_access.pages import forgotten, home, router
from services.portal_access.refused_links import RefusedLinks
from services.portal_access.settings import Settings
from services.portal_access.sign_in import SignIn
from services.portal_access.sweeper import sweep
from services.portal_access.visits import AgreementNeededError, SignInNeededError, Visits

NAME = "portal_access"

_HERE = Path(__file__).parent
_SWEEP_SECONDS = 60


def build(settings: Settings) -> FastAPI:
    """Make the service from its settings; it starts with the app's lifespan."""
    parts = assemble(
        NAME,
        settings,
        {
            InvitationAccepted: handlers.invitation_accepted,
            OrganizationChanged: handlers.organization_changed,
            PolicyPublished: handlers.policy_published,
            PersonChanged: handlers.person_changed,
            MessageSent: handlers.message_sent,
        },
    )
    signer = Signer(NAME, settings.signing_key)
    invitations = Invitations(settings.invitations_url, signer)
    charts = Charts(settings.emr_url, signer)
    secure = settings.portal_url.startswith("https://")
    app = create_app(
        NAME,
        _HERE / "templates",
        parts.tasks()
        | {
            "sweeper": every(_SWEEP_SECONDS, lambda: sweep(parts.database)),
            "inbox": every(3600, lambda: inbox.forget_old(parts.database)),
        },
        parts.checks(),
        [invitations.close, charts.close, *parts.closers()],
        CookieSettings(settings.session_secret, secure),
    )
    app.include_router(api.routes(signer))
    app.include_router(_accounts_api(parts, settings))
    _add_pages(app, parts, settings, invitations, charts)
    return app


def _accounts_api(parts: Parts, settings: Settings) -> APIRouter:
    keys = f"{settings.emr_url}/.well-known/jwks.json"
    verifier = Verifier(NAME, issuer="chart_service", jwks_url=keys)
    return accounts_api.routes(parts.database, verifier, Seal(settings.notice_seal_key))


def _add_pages(
    app: FastAPI, parts: Parts, settings: Settings, invitations: Invitations, charts: Charts
) -> None:
    database, secure = parts.database, app.state.cookies.secure
    cookie = AcceptanceCookie(secure)
    sign_in = SignIn(database, SessionCookie("portico_portal", secure))
    acceptances = Acceptances(database, invitations, seal_of(settings.session_secret))
    refused_links = RefusedLinks(database)
    app.include_router(
        accept_link.routes(database, invitations, acceptances, refused_links, cookie)
    )
    app.include_router(accept_asking.routes(refused_links, cookie))
    app.include_router(accept_account.routes(acceptances, sign_in, cookie))
    app.include_router(verify_email.routes(database))
    links = Forgotten(database, Seal(settings.notice_seal_key))
    app.include_router(forgotten.routes(database, links))
    app.include_router(language_choice.routes())
    app.include_router(install.routes(database))
    app.include_router(policies.routes(database, sign_in))
    app.state.visits = Visits(database, sign_in)
    app.include_router(router.routes(charts))
    app.include_router(home.routes(database, sign_in, app.state.visits, cookie))
    _explain_refusals(app, refused_links)
    _lead_elsewhere(app)


def _explain_refusals(app: FastAPI, links: RefusedLinks) -> None:
    @app.exception_handler(RefusedError)
    async def refused(request: Request, error: RefusedError) -> Response:
        return await links.page(request, error)


def _lead_elsewhere(app: FastAPI) -> None:
    @app.exception_handler(SignInNeededError)
    async def sign_in_first(_request: Request, _error: SignInNeededError) -> Response:
        return RedirectResponse("/", 303)

    @app.exception_handler(AgreementNeededError)
    async def agree_first(_request: Request, _error: AgreementNeededError) -> Response:
        return RedirectResponse(policies.AGREEMENT, 303)

    @app.exception_handler(ChartAwayError)
    async def away(request: Request, _error: ChartAwayError) -> Response:
        page: Response = app.state.pages.render(request, "chart_away.html", 503, brand=None)
        return page
