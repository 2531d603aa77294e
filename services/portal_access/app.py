"""Wires portal_access: settings, database, broker, handlers, neighbours, pages."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from chassis import inbox
from chassis.database import Database
from chassis.security.call_verifier import Verifier
from chassis.security.seal import Seal
from chassis.security.service_calls import Signer
from chassis.service import Parts, assemble, every
from chassis.web import keys, records
from chassis.web.app import create_app
from chassis.web.csrf import CookieSettings
from chassis.web.sessions import SessionCookie
from contracts.chart import MessageSent, OrganizationChanged, PersonChanged, PolicyPublished
from contracts.invitations import InvitationAccepted
from services.portal_access import (
    accept_account,
    accept_asking,
    accept_birth_date,
    accept_link,
    accounts_api,
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
from services.portal_access.birth_date_check import BirthDateCheck
from services.portal_access.birth_dates import BirthDates
from services.portal_access.charts import ChartAwayError, Charts
from services.portal_access.entrance import Entrance
from services.portal_access.forgotten import Forgotten
from services.portal_access.invitations import Invitations, RefusedError
from services.portal_access.pages import forgotten, home, router, second_step
from services.portal_access.pages import sign_in as sign_in_pages
from services.portal_access.pages.account import router as account_router
from services.portal_access.passkey_cookie import PasskeyCookie
from services.portal_access.passkeys import Passkeys
from services.portal_access.refused_links import RefusedLinks
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
    birth_dates = BirthDates(settings.emr_url, signer)
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
        [invitations.close, charts.close, birth_dates.close, *parts.closers()],
        CookieSettings(settings.session_secret, secure),
    )
    app.state.readings = parts.readings()
    app.include_router(keys.routes(signer))
    app.include_router(_accounts_api(parts, settings))
    console = settings.ops_jwks_url
    app.include_router(records.routes(NAME, parts.database, console, queries.ops_records.of))
    ways = _ways_in(parts.database, settings, secure=secure)
    seal = sealing.of_acceptances(settings.session_secret)
    acceptances = Acceptances(parts.database, invitations, seal)
    _add_accepting(app, ways, invitations, acceptances, birth_dates)
    _add_pages(app, ways, settings, charts)
    return app


@dataclass(frozen=True, slots=True)
class _Ways:
    """How people come in."""

    database: Database
    sign_in: SignIn
    apps: Authenticators
    steps: SecondSteps
    entrance: Entrance
    passkeys: Passkeys


def _ways_in(database: Database, settings: Settings, *, secure: bool) -> _Ways:
    sign_in = SignIn(database, SessionCookie("portico_portal", secure))
    apps = Authenticators(sealing.of_apps(settings.session_secret))
    steps = SecondSteps(database, apps, secure=secure)
    passkeys = Passkeys(database, settings.portal_url)
    return _Ways(database, sign_in, apps, steps, Entrance(sign_in, steps), passkeys)


def _accounts_api(parts: Parts, settings: Settings) -> APIRouter:
    keys = f"{settings.emr_url}/.well-known/jwks.json"
    verifier = Verifier(NAME, issuer="chart_service", jwks_url=keys)
    return accounts_api.routes(parts.database, verifier, Seal(settings.notice_seal_key))


def _add_accepting(
    app: FastAPI,
    ways: _Ways,
    invitations: Invitations,
    acceptances: Acceptances,
    birth_dates: BirthDates,
) -> None:
    database = ways.database
    cookie, links = AcceptanceCookie(app.state.cookies.secure), RefusedLinks(database)
    check = BirthDateCheck(database, birth_dates)
    app.include_router(accept_link.routes(database, invitations, acceptances, links, cookie))
    app.include_router(accept_birth_date.routes(acceptances, check, cookie))
    app.include_router(accept_account.routes(acceptances, ways.sign_in, ways.entrance, cookie))
    app.include_router(accept_asking.routes(links, cookie))
    _explain_refusals(app, database)


def _add_pages(app: FastAPI, ways: _Ways, settings: Settings, charts: Charts) -> None:
    database, secure = ways.database, app.state.cookies.secure
    cookie, passkey_cookie = AcceptanceCookie(secure), PasskeyCookie(secure)
    link_seal = Seal(settings.notice_seal_key)
    app.state.sign_in, app.state.visits = ways.sign_in, Visits(database, ways.sign_in)
    app.include_router(
        account_router.routes(
            database, ways.sign_in, ways.apps, ways.passkeys, passkey_cookie, link_seal
        )
    )
    app.include_router(router.routes(charts))
    app.include_router(
        sign_in_pages.routes(database, ways.sign_in, ways.entrance, ways.passkeys, cookie)
    )
    app.include_router(
        second_step.routes(database, ways.steps, ways.entrance, ways.passkeys, passkey_cookie)
    )
    app.include_router(verify_email.routes(database))
    app.include_router(forgotten.routes(database, Forgotten(database, link_seal)))
    app.include_router(language_choice.routes())
    app.include_router(install.routes(database))
    app.include_router(policies.routes(database, ways.sign_in))
    app.include_router(home.routes(database, app.state.visits))
    _lead_elsewhere(app)


def _explain_refusals(app: FastAPI, database: Database) -> None:
    @app.exception_handler(RefusedError)
    async def refused(request: Request, error: RefusedError) -> Response:
        if error.invitation_id is not None:
            return accept_asking.to_refused(error.invitation_id)
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
            invitation_id=None,
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
