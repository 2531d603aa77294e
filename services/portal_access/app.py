"""Wires portal_access: settings, database, broker, handlers, neighbours, pages."""

from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from chassis import inbox
from chassis.database import Database
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
    accept_link,
    accounts_api,
    api,
    handlers,
    install,
    language_choice,
    policies,
    queries,
    sealing,
    verify_email,
)
from services.portal_access.acceptance import Acceptances
from services.portal_access.acceptance_cookie import AcceptanceCookie
from services.portal_access.authenticators import Authenticators
from services.portal_access.charts import ChartAwayError, Charts
from services.portal_access.entrance import Entrance
from services.portal_access.forgotten import Forgotten
from services.portal_access.invitations import Invitations, RefusedError
from services.portal_access.pages import forgotten, home, router, second_step
from services.portal_access.pages import sign_in as sign_in_pages
from services.portal_access.pages.account import router as account_router
from services.portal_access.passkey_cookie import PasskeyCookie
from services.portal_access.passkeys import Passkeys
from services.portal_access.second_step import SecondSteps
from services.portal_access.settings import Settings
from services.portal_access.sign_in import SignIn
from services.portal_access.sweeper import sweep
from services.portal_access.visits import (
    CONFIRM,
    AgreementNeededError,
    ConfirmationNeededError,
    SignInNeededError,
    Visits,
)

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
    app.state.readings = parts.readings()
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
    apps = Authenticators(sealing.of_apps(settings.session_secret))
    steps = SecondSteps(database, apps, secure=secure)
    entrance = Entrance(sign_in, steps)
    acceptances = Acceptances(
        database, invitations, sealing.of_acceptances(settings.session_secret)
    )
    app.state.sign_in, app.state.visits = sign_in, Visits(database, sign_in)
    app.include_router(accept_link.routes(database, invitations, acceptances, cookie))
    app.include_router(accept_account.routes(acceptances, sign_in, entrance, cookie))
    passkeys, passkey_cookie = Passkeys(database, settings.portal_url), PasskeyCookie(secure)
    link_seal = Seal(settings.notice_seal_key)
    app.include_router(
        account_router.routes(database, sign_in, apps, passkeys, passkey_cookie, link_seal)
    )
    app.include_router(router.routes(charts))
    app.include_router(sign_in_pages.routes(database, sign_in, entrance, passkeys, cookie))
    app.include_router(second_step.routes(database, steps, entrance, passkeys, passkey_cookie))
    app.include_router(verify_email.routes(database))
    app.include_router(forgotten.routes(database, Forgotten(database, link_seal)))
    app.include_router(language_choice.routes())
    app.include_router(install.routes(database))
    app.include_router(policies.routes(database, sign_in))
    app.include_router(home.routes(database, app.state.visits))
    _explain_refusals(app, database)
    _lead_elsewhere(app)


def _explain_refusals(app: FastAPI, database: Database) -> None:
    @app.exception_handler(RefusedError)
    async def refused(request: Request, error: RefusedError) -> Response:
        brand = None
        if error.organization is not None:
            async with database.transaction() as tx:
                brand = await queries.brands.brand(tx, error.organization)
        page: Response = app.state.pages.render(
            request,
            "refused.html",
            429 if error.reason == "throttled" else 409,
            brand=brand,
            reason=error.reason,
        )
        return page


def _lead_elsewhere(app: FastAPI) -> None:
    @app.exception_handler(SignInNeededError)
    async def sign_in_first(_request: Request, _error: SignInNeededError) -> Response:
        return RedirectResponse("/", 303)

    @app.exception_handler(AgreementNeededError)
    async def agree_first(_request: Request, _error: AgreementNeededError) -> Response:
        return RedirectResponse(policies.AGREEMENT, 303)

    @app.exception_handler(ConfirmationNeededError)
    async def confirm_first(_request: Request, error: ConfirmationNeededError) -> Response:
        return RedirectResponse(f"{CONFIRM}?then={error.page}", 303)

    @app.exception_handler(ChartAwayError)
    async def away(request: Request, _error: ChartAwayError) -> Response:
        page: Response = app.state.pages.render(request, "chart_away.html", 503, brand=None)
        return page
